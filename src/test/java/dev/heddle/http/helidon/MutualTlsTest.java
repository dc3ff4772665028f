package dev.heddle.http.helidon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.heddle.http.Exchange;
import dev.heddle.http.h2.Http2Settings;
import dev.heddle.http.tls.TlsSettings;
import dev.heddle.http.tls.TlsSettings.ClientCertificate;
import dev.heddle.rpc.Headers;
import dev.heddle.testing.TestAuthority;
import dev.heddle.testing.TestCertificate;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http2.Http2ConnectionSelector;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
@TestInstance(Lifecycle.PER_CLASS)
final class MutualTlsTest {
    @TempDir private Path folder = Path.of("");

    private TestCertificate certificate;
    private TestAuthority authority;
    private SSLContext ada;

    @BeforeAll
    void makeCertificates() throws Exception {
        certificate = TestCertificate.in(folder);
        authority = TestAuthority.in(folder, "known");
        ada = authority.client(certificate, "CN=ada,O=Heddle");
    }

    private TlsSettings settings(ClientCertificate clientCertificate) {
        return new TlsSettings(
                Optional.of(certificate.certificate()),
                Optional.of(certificate.privateKey()),
                clientCertificate,
                Optional.of(authority.certificate()),
                Duration.ZERO);
    }

    private TestServer server(ClientCertificate clientCertificate) {
        return new TestServer(
                TestServer.settings(Duration.ofSeconds(10)),
                settings(clientCertificate),
                MutualTlsTest::tellClient);
    }

    private static void tellClient(Exchange exchange) throws IOException {
        var client =
                exchange.clientCertificate()
                        .map(shown -> shown.getSubjectX500Principal().getName())
                        .orElse("nobody");
        exchange.respond(200, Headers.empty(), client.getBytes(StandardCharsets.UTF_8));
    }

    private static HttpResponse<String> get(SSLContext context, URI uri, Version version)
            throws IOException, InterruptedException {
        try (var client = HttpClient.newBuilder().sslContext(context).version(version).build()) {
            var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(10)).build();
            return client.send(request, BodyHandlers.ofString());
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void handlerLearnsTheCertificateThatTheClientShows(Version version) throws Exception {
        for (var asked : List.of(ClientCertificate.OPTIONAL, ClientCertificate.REQUIRED)) {
            try (var server = server(asked)) {
                var response = get(ada, server.uri("/"), version);
                assertThat(response.version()).isEqualTo(version);
                assertThat(response.body()).isEqualTo("CN=ada,O=Heddle");
            }
        }
    }

    @Test
    void handlerLearnsItByHelidonsHttp2Too() throws Exception {
        var carrier =
                new HelidonCarrier(
                        TestServer.settings(Duration.ofSeconds(10)),
                        Http2Settings.DEFAULT,
                        settings(ClientCertificate.REQUIRED),
                        MutualTlsTest::tellClient);
        var config = WebServer.builder().shutdownHook(false);
        carrier.attach(
                config,
                Http2ConnectionSelector.builder()
                        .http2Config(carrier.stockConfig().build())
                        .build());
        var server = config.build().start();
        try {
            var uri = URI.create("https://127.0.0.1:%d/".formatted(server.port()));
            var grace = authority.clientFile("CN=grace").toString();
            assertThat(TlsTest.curl(uri, certificate, "--http2", "--cert", grace))
                    .startsWith("HTTP/2 200")
                    .endsWith("CN=grace");
        } finally {
            server.stop();
        }
    }

    @Test
    void clientWithoutCertificateIsNobodyWhereItIsOptional() throws Exception {
        try (var server = server(ClientCertificate.OPTIONAL)) {
            assertThat(get(certificate.trust(), server.uri("/"), Version.HTTP_2).body())
                    .isEqualTo("nobody");
        }
    }

    @Test
    void clientWithoutCertificateGetsNoConnectionWhereItIsRequired() throws Exception {
        try (var server = server(ClientCertificate.REQUIRED)) {
            assertRefused(certificate.trust(), server);
        }
    }

    @Test
    void certificateThatNobodyKnownVouchesForGetsNoConnection() throws Exception {
        var stranger = TestAuthority.in(folder, "stranger").client(certificate, "CN=ada");
        var expired =
                authority.client(certificate, "CN=ada", "-startdate", "-2d", "-validity", "1");
        var forServers = authority.client(certificate, "CN=ada", "-ext", "eku=serverAuth");
        for (var asked : List.of(ClientCertificate.OPTIONAL, ClientCertificate.REQUIRED)) {
            try (var server = server(asked)) {
                assertRefused(stranger, server);
                assertRefused(expired, server);
                assertRefused(forServers, server);
            }
        }
    }

    private static void assertRefused(SSLContext context, TestServer server) {
        assertThatIOException().isThrownBy(() -> get(context, server.uri("/"), Version.HTTP_1_1));
    }
}
