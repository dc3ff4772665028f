package dev.heddle.http.tls;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/// Who the server is: its key, and the certificates that say so, the server's own first.
record Identity(PrivateKey key, List<Certificate> chain) {
    private static final Pattern PKCS8 =
            Pattern.compile(
                    "-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    /// Reads both from PEM files.
    ///
    /// @throws IllegalArgumentException if they can't be read, or don't belong together
    static Identity read(Path certificate, Path privateKey) {
        var chain = chain(certificate);
        var publicKey = chain.getFirst().getPublicKey();
        var key = key(privateKey, publicKey.getAlgorithm());
        if (!belongTogether(key, publicKey)) {
            throw new IllegalArgumentException(
                    "server.tls.private-key: %s (expected: the key of the first certificate in %s)"
                            .formatted(privateKey, certificate));
        }
        return new Identity(key, chain);
    }

    private static List<Certificate> chain(Path file) {
        var expected = "certificates in PEM, the server's own first";
        try (var in = Files.newInputStream(file)) {
            var chain = CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (chain.isEmpty()) {
                throw new CertificateException("it holds no certificate");
            }
            return List.copyOf(chain);
        } catch (IOException | CertificateException e) {
            throw invalid("server.tls.certificate", file, expected, e);
        }
    }

    private static PrivateKey key(Path file, String algorithm) {
        var expected = "an unencrypted key in PEM, from -----BEGIN PRIVATE KEY----- on";
        try {
            var pem = PKCS8.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            if (!pem.find()) {
                throw new IOException("it holds no such key");
            }
            var bytes = Base64.getMimeDecoder().decode(pem.group(1));
            return KeyFactory.getInstance(algorithm)
                    .generatePrivate(new PKCS8EncodedKeySpec(bytes));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw invalid("server.tls.private-key", file, expected, e);
        }
    }

    private static boolean belongTogether(PrivateKey key, PublicKey publicKey) {
        var algorithm =
                switch (publicKey.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    case String other -> other;
                };
        try {
            var probe = Signature.getInstance(algorithm);
            probe.initSign(key);
            var signed = probe.sign();
            probe.initVerify(publicKey);
            return probe.verify(signed);
        } catch (GeneralSecurityException _) {
            // Whatever hinders them would hinder each handshake.
            return false;
        }
    }

    private static IllegalArgumentException invalid(
            String key, Path file, String expected, Exception cause) {
        return new IllegalArgumentException(
                "%s: %s can't be used (expected: %s): %s".formatted(key, file, expected, cause),
                cause);
    }
}
