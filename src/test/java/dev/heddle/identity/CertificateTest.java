package dev.heddle.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.TestGateway;
import dev.heddle.testing.TestAuthority;
import dev.heddle.testing.TestCertificate;
import dev.heddle.testing.TestPostgres;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Callers who show a certificate.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CertificateTest {
    private static final String BILLING = "spiffe://example/billing";

    @TempDir private static Path folder = Path.of("");

    private TestGateway gateway;
    private SSLContext nobody;
    private SSLContext billing;
    private SSLContext ada;

    @BeforeAll
    void open() throws Exception {
        var server = TestCertificate.in(folder);
        var authority = TestAuthority.in(folder, "known");
        nobody = server.trust();
        billing = authority.client(server, "CN=ignored", "-ext", "san=uri:" + BILLING);
        ada = authority.client(server, "CN=ada,O=Heddle");
        gateway =
                TestGateway.open(
                                TestPostgres.createDatabase(),
                                Map.of(
                                        "server.tls.certificate", server.certificate().toString(),
                                        "server.tls.private-key", server.privateKey().toString(),
                                        "server.tls.client-certificate", "optional",
                                        "server.tls.client-ca", authority.certificate().toString(),
                                        "security.client-certificates", BILLING + "=users.read"))
                        .start();
    }

    @AfterAll
    void close() {
        gateway.close();
    }

    @Test
    void certificateTellsTheCallerOverEveryFraming() throws Exception {
        for (var version : Version.values()) {
            assertThat(list(billing, version).statusCode()).isEqualTo(200);
            assertThat(list(nobody, version).statusCode()).isEqualTo(401);
            for (var type :
                    List.of(
                            "application/json",
                            "application/connect+proto",
                            "application/grpc-web+proto")) {
                assertThat(isServed(billing, version, type)).as(type).isTrue();
                assertThat(isServed(nobody, version, type)).as(type).isFalse();
            }
        }
        assertThat(isServed(billing, Version.HTTP_2, "application/grpc")).isTrue();
        assertThat(isServed(nobody, Version.HTTP_2, "application/grpc")).isFalse();
        assertThat(socketSays(billing)).contains("\"type\":\"message\"");
        assertThat(socketSays(nobody)).contains("CREDENTIALS_MISSING");
    }

    @Test
    void certificateAllowsWhatTheConfigurationSays() throws Exception {
        assertThat(create(billing).statusCode()).isEqualTo(403);
        var unknown = list(ada, Version.HTTP_2);
        assertThat(unknown.statusCode()).isEqualTo(403);
        assertThat(unknown.body()).contains("SCOPE_MISSING");
    }

    @Test
    void tokenComesBeforeTheCertificate() throws Exception {
        var bearer = new String[] {"authorization", "Bearer " + gateway.token()};
        assertThat(create(billing, bearer).statusCode()).isEqualTo(200);
        assertThat(create(billing, "authorization", "Bearer wrong").statusCode()).isEqualTo(401);
    }

    private HttpResponse<String> list(SSLContext context, Version version) throws Exception {
        return send(context, version, HttpRequest.newBuilder(uri("/v1/users")));
    }

    private HttpResponse<String> create(SSLContext context, String... headers) throws Exception {
        var request =
                HttpRequest.newBuilder(uri("/v1/users"))
                        .header("content-type", "application/json")
                        .POST(
                                BodyPublishers.ofString(
                                        "{\"email\":\"ada@example.com\",\"name\":\"Ada\"}"));
        return send(
                context, Version.HTTP_2, headers.length == 0 ? request : request.headers(headers));
    }

    /// Whether a list of users comes, with nothing in it.
    private boolean isServed(SSLContext context, Version version, String type) throws Exception {
        var isJson = type.endsWith("json");
        var method = type.contains("connect") ? "ExportUsers" : "ListUsers";
        var response =
                send(
                        context,
                        version,
                        HttpRequest.newBuilder(uri("/heddle.users.v1.UserService/" + method))
                                .header("content-type", type)
                                .POST(BodyPublishers.ofString(isJson ? "{}" : "\0\0\0\0\0")));
        var isRefused =
                response.statusCode() == 401
                        || response.body().contains("unauthenticated")
                        || response.body().contains("grpc-status: 16")
                        || response.headers()
                                .firstValue("grpc-status")
                                .filter("16"::equals)
                                .isPresent();
        assertThat(response.statusCode()).isIn(200, 401);
        return !isRefused;
    }

    private String socketSays(SSLContext context) throws Exception {
        var first = new CompletableFuture<String>();
        try (var client = HttpClient.newBuilder().sslContext(context).build()) {
            var socket =
                    client.newWebSocketBuilder()
                            .buildAsync(
                                    URI.create(
                                            "wss://127.0.0.1:%d/ws/heddle.users.v1.UserService/ListUsers"
                                                    .formatted(gateway.port())),
                                    new WebSocket.Listener() {
                                        @Override
                                        public @Nullable CompletionStage<?> onText(
                                                WebSocket from, CharSequence data, boolean last) {
                                            first.complete(data.toString());
                                            return null;
                                        }
                                    })
                            .get(20, TimeUnit.SECONDS);
            socket.sendText("{\"type\":\"request\"}", true).get(20, TimeUnit.SECONDS);
            var text = first.get(20, TimeUnit.SECONDS);
            socket.abort();
            client.shutdownNow();
            return text;
        }
    }

    private URI uri(String target) {
        return URI.create("https://127.0.0.1:%d%s".formatted(gateway.port(), target));
    }

    private static HttpResponse<String> send(
            SSLContext context, Version version, HttpRequest.Builder request) throws Exception {
        try (var client = HttpClient.newBuilder().sslContext(context).version(version).build()) {
            var sent = request.timeout(Duration.ofSeconds(20)).build();
            return client.send(sent, BodyHandlers.ofString());
        }
    }
}
