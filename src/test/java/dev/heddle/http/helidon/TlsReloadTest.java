package dev.heddle.http.helidon;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.heddle.http.tls.TlsSettings;
import dev.heddle.http.tls.TlsSettings.ClientCertificate;
import dev.heddle.rpc.Headers;
import dev.heddle.testing.LogLines;
import dev.heddle.testing.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class TlsReloadTest {
    @TempDir private Path folder = Path.of("");

    private Path files;
    private TestCertificate first;
    private TestCertificate second;
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        files = Files.createDirectory(folder.resolve("served"));
        first = TestCertificate.in(Files.createDirectory(folder.resolve("first")));
        second = TestCertificate.in(Files.createDirectory(folder.resolve("second")), "RSA");
        serve(first.certificate(), "tls.crt");
        serve(first.privateKey(), "tls.key");
        server =
                new TestServer(
                        TestServer.settings(Duration.ofSeconds(10)),
                        new TlsSettings(
                                Optional.of(files.resolve("tls.crt")),
                                Optional.of(files.resolve("tls.key")),
                                ClientCertificate.NONE,
                                Optional.empty(),
                                Duration.ZERO),
                        exchange -> exchange.respond(200, Headers.empty(), new byte[] {'y'}));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void serve(Path file, String name) throws IOException {
        Files.copy(file, files.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void newFilesHoldForNewConnectionsAndOpenOnesLiveOn() throws Exception {
        try (var open = connect(first)) {
            assertAnswers(open);
            serve(second.certificate(), "tls.crt");
            serve(second.privateKey(), "tls.key");

            assertShown(second);
            assertThatIOException().isThrownBy(() -> connect(first).close());
            assertAnswers(open);
        }
    }

    @Test
    void filesThatCannotBeUsedChangeNothing() throws Exception {
        serve(second.certificate(), "tls.crt");
        assertShown(first);
        Files.writeString(files.resolve("tls.key"), "hello");
        try (var log = LogLines.of("dev.heddle.http.tls")) {
            assertShown(first);
            assertThat(log.all())
                    .singleElement(as(STRING))
                    .startsWith("changed files of TLS are of no use")
                    .contains("server.tls.private-key");
        }
        Files.delete(files.resolve("tls.key"));
        assertShown(first);

        serve(second.privateKey(), "tls.key");
        assertShown(second);
    }

    /// A client could keep the server busy with it for nothing.
    @Test
    void connectionIsNegotiatedOnce() throws Exception {
        try (var socket = connect(first, "TLSv1.2")) {
            assertAnswers(socket);
            socket.getSession().invalidate();
            socket.startHandshake();

            assertThatIOException().isThrownBy(() -> assertAnswers(socket));
        }
    }

    @Test
    void weakCiphersAreNotTaken() throws Exception {
        for (var suite :
                new String[] {
                    "TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"
                }) {
            try (var socket = socket(first, "TLSv1.2")) {
                socket.setEnabledCipherSuites(new String[] {suite});
                assertThatIOException().as(suite).isThrownBy(socket::startHandshake);
            }
        }
    }

    private void assertShown(TestCertificate expected) throws Exception {
        try (var socket = connect(expected)) {
            assertThat(socket.getSession().getPeerCertificates()[0]).isEqualTo(expected.parsed());
            assertAnswers(socket);
        }
    }

    private static void assertAnswers(SSLSocket socket) throws IOException {
        socket.getOutputStream()
                .write("GET / HTTP/1.1\r\nhost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        var answer = new StringBuilder();
        while (!answer.toString().endsWith("\r\n\r\ny")) {
            var next = socket.getInputStream().read();
            if (next < 0) {
                throw new IOException("no answer");
            }
            answer.append((char) next);
        }
        assertThat(answer).startsWith("HTTP/1.1 200 ");
    }

    private SSLSocket connect(TestCertificate trusted, String... protocols) throws Exception {
        var socket = socket(trusted, protocols);
        try {
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private SSLSocket socket(TestCertificate trusted, String... protocols) throws Exception {
        var socket =
                (SSLSocket)
                        trusted.trust()
                                .getSocketFactory()
                                .createSocket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(10_000);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        return socket;
    }
}
