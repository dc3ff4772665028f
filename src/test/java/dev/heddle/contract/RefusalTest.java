package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.heddle.TestGateway;
import dev.heddle.contract.FramingClient.CutException;
import dev.heddle.contract.FramingClient.Options;
import dev.heddle.http.websocket.RawWebSocket;
import dev.heddle.rpc.Rpc;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.TestIssuer;
import dev.heddle.testing.TestPostgres;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status.Code;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every method of every service, with every kind of credentials that do not suffice, over every
/// framing.
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RefusalTest {
    private final TestIssuer issuer = new TestIssuer();
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final TestGateway gateway;
    private final URI address;

    /// Credentials, and what becomes of calls with them.
    enum Credentials {
        NONE(Code.UNAUTHENTICATED, 401, "CREDENTIALS_MISSING"),
        EXPIRED(Code.UNAUTHENTICATED, 401, "TOKEN_EXPIRED"),
        OTHER_AUDIENCE(Code.UNAUTHENTICATED, 401, "AUDIENCE_WRONG"),
        OTHER_SCOPE(Code.PERMISSION_DENIED, 403, "SCOPE_MISSING");

        private final Code code;
        private final int status;
        private final String reason;

        Credentials(Code code, int status, String reason) {
            this.code = code;
            this.status = status;
            this.reason = reason;
        }
    }

    RefusalTest() throws IOException, InterruptedException {
        gateway = TestGateway.open(TestPostgres.createDatabase(), issuer.configuration()).start();
        address = URI.create("http://127.0.0.1:" + gateway.port());
    }

    @AfterAll
    void close() {
        http.shutdownNow();
        gateway.close();
    }

    @Test
    void tableIsAboutAllThatIsServed() {
        assertThat(gateway.rpcs().all()).hasSizeGreaterThan(80);
        assertThat(methods(Credentials.EXPIRED)).hasSameSizeAs(gateway.rpcs().all());
        assertThat(methods(Credentials.NONE))
                .as("those that are public are health and reflection")
                .hasSize(gateway.rpcs().all().size() - publicMethods().size());
        assertThat(publicMethods()).allMatch(method -> method.startsWith("grpc."));
    }

    @ParameterizedTest
    @EnumSource
    void framingsOfMessagesRefuseAlike(Credentials credentials) {
        for (var framing :
                List.of(
                        LiveFraming.GRPC,
                        LiveFraming.GRPC_WEB,
                        LiveFraming.CONNECT,
                        LiveFraming.WEBSOCKET_PROTO)) {
            try (var client = framing.client(address)) {
                for (var rpc : methods(credentials)) {
                    assertRefused(client, framing, rpc, credentials);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void httpSaysItByItsStatus(Credentials credentials) throws Exception {
        for (var rpc : methods(credentials)) {
            var isUnary = rpc.contract().grpc().getType() == MethodType.UNARY;
            assertStatus(
                    HttpRequest.newBuilder(address.resolve("/" + rpc.contract().name()))
                            .header(
                                    "content-type",
                                    isUnary ? "application/json" : "application/connect+json")
                            .POST(BodyPublishers.ofString(isUnary ? "{}" : "\0\0\0\0\2{}")),
                    isUnary ? credentials.status : 200,
                    rpc,
                    credentials);
            if (rpc.contract().httpRule().isPresent()) {
                assertStatus(transcoded(rpc), credentials.status, rpc, credentials);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void handshakeOfAWebSocketIsRefused(Credentials credentials) throws IOException {
        for (var rpc : methods(credentials)) {
            for (var field :
                    List.of(
                            "Authorization: Bearer ",
                            "Sec-WebSocket-Protocol: heddle.json, bearer.")) {
                try (var socket = new RawWebSocket(gateway.port())) {
                    var head =
                            socket.shakeHands(
                                    "/ws/" + rpc.contract().name(),
                                    field + token(credentials).orElseThrow());
                    assertThat(head.getFirst())
                            .as(rpc.contract().name())
                            .startsWith("HTTP/1.1 " + credentials.status);
                }
            }
        }
    }

    private void assertStatus(
            HttpRequest.Builder request, int status, Rpc<?, ?> rpc, Credentials credentials)
            throws Exception {
        token(credentials).ifPresent(token -> request.header("authorization", "Bearer " + token));
        var sent = request.timeout(Duration.ofSeconds(20)).build();
        var response = http.send(sent, BodyHandlers.ofString());
        assertThat(response.statusCode()).as("%s %s", sent, response.body()).isEqualTo(status);
        assertThat(response.body())
                .as(rpc.contract().name())
                .contains(
                        status == 200
                                ? "\"code\":\""
                                        + credentials.code.name().toLowerCase(java.util.Locale.ROOT)
                                : sent.uri().getPath().equals("/" + rpc.contract().name())
                                        ? "\"code\":\""
                                                + credentials
                                                        .code
                                                        .name()
                                                        .toLowerCase(java.util.Locale.ROOT)
                                        : credentials.reason);
        if (status == 401) {
            assertThat(response.headers().firstValue("www-authenticate")).contains("Bearer");
        }
    }

    private <Q extends Message, R extends Message> void assertRefused(
            FramingClient client, LiveFraming framing, Rpc<Q, R> rpc, Credentials credentials) {
        var contract = rpc.contract();
        var what = "%s %s %s".formatted(framing, contract.name(), credentials);
        var received = new ArrayList<R>();
        try {
            client.call(
                    contract.grpc(),
                    List.of(contract.request()),
                    new Options(token(credentials), Optional.of(Duration.ofSeconds(20))),
                    received::add);
            throw new AssertionError("served: " + what);
        } catch (RpcException e) {
            assertThat(e.code()).as(what).isEqualTo(credentials.code);
            assertThat(e.reason()).as(what).contains(credentials.reason);
        } catch (CutException e) {
            throw new AssertionError(what, e);
        }
        assertThat(received).as(what).isEmpty();
    }

    /// A request that its rule takes, as far as paths and bodies go.
    private HttpRequest.Builder transcoded(Rpc<?, ?> rpc) {
        var rule = rpc.contract().httpRule().orElseThrow();
        var path =
                Stream.of(
                                rule.getGet(),
                                rule.getPost(),
                                rule.getPatch(),
                                rule.getPut(),
                                rule.getDelete())
                        .filter(template -> !template.isEmpty())
                        .findFirst()
                        .orElseThrow()
                        .replaceAll("\\{[^=}]+=([^}]*)}", "$1")
                        .replaceAll("\\{[^}]+}|\\*\\*|\\*", "x");
        var request = HttpRequest.newBuilder(address.resolve(path));
        var body =
                rpc.streamsRequests() || rule.getBody().isEmpty()
                        ? BodyPublishers.noBody()
                        : BodyPublishers.ofString("{}");
        if (!rule.getBody().isEmpty()) {
            request.header(
                    "content-type",
                    rpc.streamsRequests() ? "application/x-ndjson" : "application/json");
        }
        return request.method(rule.getPatternCase().name(), body);
    }

    private List<Rpc<?, ?>> methods(Credentials credentials) {
        return gateway.rpcs().all().stream()
                .filter(rpc -> {
                    var policy = rpc.contract().policy();
                    return switch (credentials) {
                        case NONE -> !policy.isPublic();
                        case EXPIRED, OTHER_AUDIENCE -> true;
                        case OTHER_SCOPE -> !policy.isPublic() && !policy.scope().isEmpty();
                    };
                })
                .toList();
    }

    private List<String> publicMethods() {
        return gateway.rpcs().all().stream()
                .filter(rpc -> rpc.contract().policy().isPublic())
                .map(rpc -> rpc.contract().name())
                .toList();
    }

    private Optional<String> token(Credentials credentials) {
        return switch (credentials) {
            case NONE -> Optional.empty();
            case EXPIRED ->
                    Optional.of(
                            issuer.token(claims ->
                                    claims.expirationTime(
                                            Date.from(Instant.now().minusSeconds(1)))));
            case OTHER_AUDIENCE -> Optional.of(issuer.token(claims -> claims.audience("another")));
            case OTHER_SCOPE -> Optional.of(issuer.token("tester", "nothing.else"));
        };
    }
}
