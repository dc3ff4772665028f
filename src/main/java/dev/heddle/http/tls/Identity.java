package dev.heddle.http.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

/// Who the server is: its key, and the certificates that say so, the server's own first.
record Identity(PrivateKey key, List<Certificate> chain) {
    private static final char[] NO_PASSWORD = new char[0];

    /// Reads both from PEM files.
    ///
    /// @throws IllegalArgumentException if they can't be read, or don't belong together
    static Identity read(Path certificate, Path privateKey) {
        var chain = PemFiles.certificates("server.tls.certificate", certificate);
        var publicKey = chain.getFirst().getPublicKey();
        var key =
                PemFiles.privateKey("server.tls.private-key", privateKey, publicKey.getAlgorithm());
        if (!belongTogether(key, publicKey)) {
            throw new IllegalArgumentException(
                    "server.tls.private-key: %s (expected: the key of the first certificate in %s)"
                            .formatted(privateKey, certificate));
        }
        return new Identity(key, chain);
    }

    KeyManager[] keyManagers() throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        store.setKeyEntry("server", key, NO_PASSWORD, chain.toArray(Certificate[]::new));
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, NO_PASSWORD);
        return keys.getKeyManagers();
    }

    /// For the log: how to tell the certificate from the one before.
    String description() {
        return chain.getFirst() instanceof X509Certificate own
                ? "serial number %x, valid until %s"
                        .formatted(own.getSerialNumber(), own.getNotAfter().toInstant())
                : "not of X.509";
    }

    /// Never with the key.
    @Override
    public String toString() {
        return "Identity[" + chain.size() + " certificates]";
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
}
