package dev.heddle.testing;

import dev.heddle.http.tls.TlsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A certificate for `localhost` and `127.0.0.1` that nobody but itself vouches for, made by the
/// JDK's keytool, and its key; both in PEM files.
public final class TestCertificate {
    private static final String ALIAS = "server";

    private final Path certificate;
    private final Path privateKey;
    private final X509Certificate parsed;

    private TestCertificate(Path certificate, Path privateKey, X509Certificate parsed) {
        this.certificate = certificate;
        this.privateKey = privateKey;
        this.parsed = parsed;
    }

    /// Makes one with a key on an elliptic curve, as most have it today.
    public static TestCertificate in(Path folder) throws Exception {
        return in(folder, "EC");
    }

    /// Makes one.
    ///
    /// @param keyAlgorithm such as `EC`, `RSA` or `Ed25519`
    public static TestCertificate in(Path folder, String keyAlgorithm) throws Exception {
        var file = folder.resolve(keyAlgorithm + ".p12");
        Files.deleteIfExists(file);
        Keytool.makeKey(
                file,
                ALIAS,
                "-keyalg",
                keyAlgorithm,
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1");
        var store = KeyStore.getInstance(file.toFile(), Keytool.PASSWORD.toCharArray());
        var parsed = (X509Certificate) store.getCertificate(ALIAS);
        var key = store.getKey(ALIAS, Keytool.PASSWORD.toCharArray());
        return new TestCertificate(
                Keytool.pem(
                        folder.resolve(keyAlgorithm + ".crt"), "CERTIFICATE", parsed.getEncoded()),
                Keytool.pem(folder.resolve(keyAlgorithm + ".key"), "PRIVATE KEY", key.getEncoded()),
                parsed);
    }

    public Path certificate() {
        return certificate;
    }

    public Path privateKey() {
        return privateKey;
    }

    public X509Certificate parsed() {
        return parsed;
    }

    /// For a server: identifies itself by this.
    public TlsSettings settings() {
        return TlsSettings.of(certificate, privateKey);
    }

    /// For a gateway: the keys of its configuration.
    public Map<String, String> configuration() {
        return Map.of(
                "server.tls.certificate", certificate.toString(),
                "server.tls.private-key", privateKey.toString());
    }

    /// For clients: trusts this certificate alone.
    public SSLContext trust() throws GeneralSecurityException, IOException {
        return trust(new KeyManager[0]);
    }

    SSLContext trust(KeyManager[] own) throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry(ALIAS, parsed);
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(own, trust.getTrustManagers(), null);
        return context;
    }
}
