package dev.heddle.http.helidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.http.Exchange;
import dev.heddle.http.carrier.Settings;
import dev.heddle.http.tls.TlsSettings;
import dev.heddle.rpc.Headers;
import dev.heddle.testing.TestCertificate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class TlsTest {
    private static final Path CURL = Path.of("/usr/bin/curl");
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(300);

    @TempDir private Path folder = Path.of("");

    private static Settings settings(int maxConnections, Duration headers, Duration writes) {
        return new Settings(
                "127.0.0.1", 0, maxConnections, 8192, 16_384, 1 << 24, headers, LONG, LONG, writes);
    }

    private static TestServer server(Settings settings, TestCertificate certificate) {
        return new TestServer(settings, certificate.settings(), TlsTest::echo);
    }

    private static void echo(Exchange exchange) throws IOException {
        exchange.respond(
                200,
                Headers.builder().set("x-protocol", exchange.protocol()).build(),
                exchange.body().readAllBytes());
    }

    private static HttpClient client(TestCertificate certificate) throws Exception {
        return HttpClient.newBuilder().sslContext(certificate.trust()).build();
    }

    private static HttpRequest.Builder request(TestServer server) {
        return HttpRequest.newBuilder(server.uri("/")).timeout(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA", "Ed25519"})
    void clientsSpeakBothVersionsOfHttp(String keyAlgorithm) throws Exception {
        var certificate = TestCertificate.in(folder, keyAlgorithm);
        var body = "0123456789".repeat(100_000);
        try (var server = server(settings(1000, LONG, LONG), certificate);
                var client = client(certificate)) {
            for (var version : Version.values()) {
                var request = request(server).version(version).POST(BodyPublishers.ofString(body));
                var response = client.send(request.build(), BodyHandlers.ofString());
                assertThat(response.version()).isEqualTo(version);
                assertThat(response.body()).isEqualTo(body);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--http2, HTTP/2",
        "--http1.1, HTTP/1.1",
        "--no-alpn, HTTP/1.1",
        "--http2-prior-knowledge, HTTP/2"
    })
    void curlGetsTheProtocolThatItAsksFor(String option, String protocol) throws Exception {
        var certificate = TestCertificate.in(folder);
        try (var server = server(settings(1000, LONG, LONG), certificate)) {
            for (var version : List.of("1.2", "1.3")) {
                assertThat(curl(server, certificate, option, "--tls-max", version, "-d", "hello"))
                        .contains(protocol + " 200", "x-protocol: " + protocol, "hello");
            }
            assertThat(curl(server, certificate, "--tls-max", "1.1")).contains("curl: (35)");
        }
    }

    private static String curl(TestServer server, TestCertificate certificate, String... options)
            throws Exception {
        return curl(server.uri("/"), certificate, options);
    }

    static String curl(URI uri, TestCertificate certificate, String... options) throws Exception {
        assumeTrue(Files.isExecutable(CURL), "no curl");
        var command = new ArrayList<>(List.of(CURL.toString(), "-sSi", "-m", "10", "--cacert"));
        command.add(certificate.certificate().toString());
        command.addAll(List.of(options));
        command.add(uri.toString());
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(15, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    @Test
    void handshakesThatFailTakeNoPlaceAway() throws Exception {
        var certificate = TestCertificate.in(folder);
        try (var server = server(settings(2, LONG, LONG), certificate);
                var client = client(certificate)) {
            for (var i = 0; i < 10; i++) {
                try (var plain = connect(server)) {
                    plain.getOutputStream()
                            .write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                    drain(plain);
                }
            }
            var response = client.send(request(server).build(), BodyHandlers.discarding());
            assertThat(response.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void handshakeThatStallsIsCut() throws Exception {
        try (var server = server(settings(1000, SHORT, LONG), TestCertificate.in(folder));
                var silent = connect(server);
                var late = connect(server)) {
            late.getOutputStream().write(new byte[] {0x16, 0x03, 0x01, 0x02, 0x00, 0x01});
            drain(silent);
            drain(late);
        }
    }

    /// The JDK's TLS sockets wait for such a writer even to be closed.
    @Test
    void peerThatDoesNotReadIsCutAndDelaysNobody() throws Exception {
        var certificate = TestCertificate.in(folder);
        var failed = new CountDownLatch(1);
        try (var server =
                        new TestServer(
                                settings(1000, Duration.ofSeconds(3), SHORT),
                                certificate.settings(),
                                exchange -> {
                                    try (var out = exchange.respond(200, Headers.empty())) {
                                        while (true) {
                                            out.write(new byte[1 << 16]);
                                        }
                                    } finally {
                                        failed.countDown();
                                    }
                                });
                var plain = connect(server)) {
            var deaf =
                    certificate
                            .trust()
                            .getSocketFactory()
                            .createSocket(plain, "localhost", plain.getPort(), false);
            deaf.getOutputStream()
                    .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(failed.await(20, TimeUnit.SECONDS)).isTrue();
            try (var silent = connect(server)) {
                drain(silent);
            }
        }
    }

    @Test
    void filesThatCannotBeUsedAreRefused() throws Exception {
        var certificate = TestCertificate.in(folder);
        var other = TestCertificate.in(folder, "RSA");
        var missing = folder.resolve("missing.pem");
        var text = Files.writeString(folder.resolve("text.pem"), "hello");

        assertThat(refusal(missing, certificate.privateKey()))
                .startsWith("server.tls.certificate: %s can't be used".formatted(missing));
        assertThat(refusal(text, certificate.privateKey()))
                .startsWith("server.tls.certificate: %s can't be used".formatted(text));
        assertThat(refusal(certificate.certificate(), missing))
                .startsWith("server.tls.private-key: %s can't be used".formatted(missing));
        assertThat(refusal(certificate.certificate(), text))
                .startsWith("server.tls.private-key: %s can't be used".formatted(text));
        assertThat(refusal(certificate.certificate(), other.privateKey()))
                .startsWith("server.tls.private-key: %s ".formatted(other.privateKey()));
    }

    private static String refusal(Path certificate, Path privateKey) {
        try (var _ =
                new TestServer(
                        settings(1, LONG, LONG),
                        TlsSettings.of(certificate, privateKey),
                        TlsTest::echo)) {
            throw new AssertionError("it started");
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static InetSocketAddress address(TestServer server) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.uri("/").getPort());
    }

    private static Socket connect(TestServer server) throws IOException {
        var socket = new Socket();
        socket.connect(address(server));
        return socket;
    }

    /// Reads until the server closes.
    private static void drain(Socket socket) throws IOException {
        socket.setSoTimeout(10_000);
        try {
            var _ = socket.getInputStream().readAllBytes();
        } catch (SocketException _) {
            // a reset is as good an end as any
        }
    }
}
