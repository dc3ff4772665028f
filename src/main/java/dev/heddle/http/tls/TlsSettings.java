package dev.heddle.http.tls;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Whether the port speaks TLS: it does with both files, and plaintext with neither. Files that
/// change are read again, for the connections that come after.
///
/// @param certificate a PEM file with the server's certificate, followed by those that vouch for
///   it; default none, key `server.tls.certificate`
/// @param privateKey a PEM file with the certificate's key, as unencrypted PKCS #8; default none,
///   key `server.tls.private-key`
/// @param clientCertificate whether clients show a certificate of their own; default none, key
///   `server.tls.client-certificate`
/// @param clientCa a PEM file with the certificates of those who vouch for clients; given if and
///   only if clients may show one, default none, key `server.tls.client-ca`
/// @param reloadInterval how long files that have changed may go unnoticed while connections come;
///   at least 0, default 10 s, key `server.tls.reload-interval`
public record TlsSettings(
        Optional<Path> certificate,
        Optional<Path> privateKey,
        ClientCertificate clientCertificate,
        Optional<Path> clientCa,
        Duration reloadInterval) {
    private static final Duration DEFAULT_RELOAD_INTERVAL = Duration.ofSeconds(10);

    /// Plaintext.
    public static final TlsSettings NONE =
            new TlsSettings(
                    Optional.empty(),
                    Optional.empty(),
                    ClientCertificate.NONE,
                    Optional.empty(),
                    DEFAULT_RELOAD_INTERVAL);

    /// Whether clients show a certificate. One that nobody vouches for never gets a connection.
    public enum ClientCertificate {
        /// They are not asked.
        NONE,
        /// They are asked and may do without.
        OPTIONAL,
        /// Without one there is no connection.
        REQUIRED
    }

    public TlsSettings {
        if (certificate.isPresent() != privateKey.isPresent()) {
            throw new IllegalArgumentException(
                    "server.tls.%s: set without server.tls.%s (expected: both, or neither for plaintext)"
                            .formatted(
                                    certificate.isPresent() ? "certificate" : "private-key",
                                    certificate.isPresent() ? "private-key" : "certificate"));
        }
        var asksClients = clientCertificate != ClientCertificate.NONE;
        if (asksClients && certificate.isEmpty()) {
            throw new IllegalArgumentException(
                    "server.tls.client-certificate: set without server.tls.certificate (expected: none for plaintext)");
        }
        if (asksClients != clientCa.isPresent()) {
            throw new IllegalArgumentException(
                    asksClients
                            ? "server.tls.client-ca: none (expected: a PEM file, for server.tls.client-certificate is set)"
                            : "server.tls.client-ca: set without server.tls.client-certificate (expected: optional or required there)");
        }
        if (reloadInterval.isNegative()) {
            throw new IllegalArgumentException(
                    "server.tls.reload-interval: %s (expected: >= 0)".formatted(reloadInterval));
        }
    }

    /// TLS by two files, for clients without certificates.
    public static TlsSettings of(Path certificate, Path privateKey) {
        return new TlsSettings(
                Optional.of(certificate),
                Optional.of(privateKey),
                ClientCertificate.NONE,
                Optional.empty(),
                DEFAULT_RELOAD_INTERVAL);
    }

    public boolean isEnabled() {
        return certificate.isPresent();
    }
}
