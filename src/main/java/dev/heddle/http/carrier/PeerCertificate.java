package dev.heddle.http.carrier;

import io.helidon.common.socket.PeerInfo;
import java.security.cert.X509Certificate;
import java.util.Optional;

/// The certificate that a peer has shown.
public final class PeerCertificate {
    private PeerCertificate() {}

    /// The peer's own, without those that vouch for it.
    public static Optional<X509Certificate> of(PeerInfo peer) {
        return peer.tlsCertificates()
                .filter(chain -> chain.length > 0)
                .map(chain -> (X509Certificate) chain[0]);
    }
}
