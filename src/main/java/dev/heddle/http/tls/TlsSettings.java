package dev.heddle.http.tls;

import java.nio.file.Path;
import java.util.Optional;

/// Whether the port speaks TLS: it does with both files, and plaintext with neither.
///
/// @param certificate a PEM file with the server's certificate, followed by those that vouch for
///   it; default none, key `server.tls.certificate`
/// @param privateKey a PEM file with the certificate's key, as unencrypted PKCS #8; default none,
///   key `server.tls.private-key`
public record TlsSettings(Optional<Path> certificate, Optional<Path> privateKey) {
    /// Plaintext.
    public static final TlsSettings NONE = new TlsSettings(Optional.empty(), Optional.empty());

    public TlsSettings {
        if (certificate.isPresent() != privateKey.isPresent()) {
            throw new IllegalArgumentException(
                    "server.tls.%s: set without server.tls.%s (expected: both, or neither for plaintext)"
                            .formatted(
                                    certificate.isPresent() ? "certificate" : "private-key",
                                    certificate.isPresent() ? "private-key" : "certificate"));
        }
    }

    public boolean isEnabled() {
        return certificate.isPresent();
    }
}
