package dev.heddle.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.http.tls.TlsSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A certificate for `localhost` and `127.0.0.1` that nobody but itself vouches for, made by the
/// JDK's keytool, and its key; both in PEM files.
public final class TestCertificate {
    private static final String PASSWORD = "changeit";
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
        keytool(file, keyAlgorithm);
        var store = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
        var parsed = (X509Certificate) store.getCertificate(ALIAS);
        var key = store.getKey(ALIAS, PASSWORD.toCharArray());
        return new TestCertificate(
                pem(folder.resolve(keyAlgorithm + ".crt"), "CERTIFICATE", parsed.getEncoded()),
                pem(folder.resolve(keyAlgorithm + ".key"), "PRIVATE KEY", key.getEncoded()),
                parsed);
    }

    private static void keytool(Path file, String keyAlgorithm)
            throws IOException, InterruptedException {
        var command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                        "-genkeypair",
                        "-alias",
                        ALIAS,
                        "-keyalg",
                        keyAlgorithm,
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString());
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(output).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
    }

    private static Path pem(Path file, String kind, byte[] bytes) throws IOException {
        var text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return Files.writeString(
                file, "-----BEGIN %s-----\n%s\n-----END %1$s-----\n".formatted(kind, text));
    }

    public Path certificate() {
        return certificate;
    }

    public Path privateKey() {
        return privateKey;
    }

    /// For a server: identifies itself by this.
    public TlsSettings settings() {
        return new TlsSettings(Optional.of(certificate), Optional.of(privateKey));
    }

    /// For a gateway: the keys of its configuration.
    public Map<String, String> configuration() {
        return Map.of(
                "server.tls.certificate", certificate.toString(),
                "server.tls.private-key", privateKey.toString());
    }

    /// For clients: trusts this certificate alone.
    public SSLContext trust() throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry(ALIAS, parsed);
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
