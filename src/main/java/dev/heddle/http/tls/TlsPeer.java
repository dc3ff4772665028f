package dev.heddle.http.tls;

import io.helidon.common.socket.PeerInfo;
import java.net.SocketAddress;
import java.security.Principal;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/// A peer that has shown a certificate.
///
/// @param chain the peer's own certificate and those that vouch for it, verified
record TlsPeer(PeerInfo plain, List<X509Certificate> chain) implements PeerInfo {
    @Override
    public SocketAddress address() {
        return plain.address();
    }

    @Override
    public String host() {
        return plain.host();
    }

    @Override
    public int port() {
        return plain.port();
    }

    @Override
    public Optional<Principal> tlsPrincipal() {
        return Optional.of(chain.getFirst().getSubjectX500Principal());
    }

    @Override
    public Optional<Certificate[]> tlsCertificates() {
        return Optional.of(chain.toArray(Certificate[]::new));
    }
}
