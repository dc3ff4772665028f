package dev.heddle.http.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/// Reads what the settings of TLS name. What it says of a file that can't be used never holds what
/// is in it.
final class PemFiles {
    private static final Pattern PKCS8 =
            Pattern.compile(
                    "-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private PemFiles() {}

    /// @param key the key of the configuration that names the file
    static List<Certificate> certificates(String key, Path file) {
        try (var in = Files.newInputStream(file)) {
            var all = CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (all.isEmpty()) {
                throw new CertificateException("it holds no certificate");
            }
            return List.copyOf(all);
        } catch (IOException | CertificateException e) {
            throw unusable(key, file, "certificates in PEM, the server's own first", e);
        }
    }

    /// @param key the key of the configuration that names the file
    /// @param algorithm the algorithm of the public key
    static PrivateKey privateKey(String key, Path file, String algorithm) {
        try {
            var pem = PKCS8.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            if (!pem.find()) {
                throw new IOException("it holds no such key");
            }
            var bytes = Base64.getMimeDecoder().decode(pem.group(1));
            return KeyFactory.getInstance(algorithm)
                    .generatePrivate(new PKCS8EncodedKeySpec(bytes));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw unusable(
                    key, file, "an unencrypted key in PEM, from -----BEGIN PRIVATE KEY----- on", e);
        }
    }

    private static IllegalArgumentException unusable(
            String key, Path file, String expected, Exception cause) {
        return new IllegalArgumentException(
                "%s: %s can't be used (expected: %s): %s".formatted(key, file, expected, cause),
                cause);
    }
}
