package dev.heddle.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.util.Timestamps;
import dev.heddle.TestGateway;
import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc;
import dev.heddle.diagnostics.v1.EchoRequest;
import dev.heddle.http.websocket.RawWebSocket;
import dev.heddle.identity.v1.ApiKey;
import dev.heddle.identity.v1.CreateApiKeyRequest;
import dev.heddle.identity.v1.CreateApiKeyResponse;
import dev.heddle.identity.v1.CreateTicketRequest;
import dev.heddle.identity.v1.IdentityServiceGrpc;
import dev.heddle.identity.v1.ListApiKeysRequest;
import dev.heddle.identity.v1.RevokeApiKeyRequest;
import dev.heddle.identity.v1.RevokeTokenRequest;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.Await;
import dev.heddle.testing.GatewayCalls;
import dev.heddle.testing.TestIssuer;
import dev.heddle.testing.TestPostgres;
import io.grpc.Status.Code;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// Two replicas on one database.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class IdentityTest {
    private static final EchoRequest ECHO = EchoRequest.newBuilder().setMessage("x").build();

    private final TestIssuer issuer = new TestIssuer();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final TestGateway here;
    private final TestGateway there;

    IdentityTest() throws IOException, InterruptedException {
        var database = TestPostgres.createDatabase();
        here = TestGateway.open(database, issuer.configuration()).start();
        there = TestGateway.open(database, issuer.configuration()).start();
    }

    @AfterAll
    void close() throws Exception {
        for (var each : opened.reversed()) {
            each.close();
        }
        here.close();
        there.close();
    }

    // API keys

    @Test
    void keyLetsItsBearerDoWhatItSaysAtEveryReplica() {
        var made = create(calls(here, issuer.token("ada", "*")), key("echo", "users.read"));
        assertThat(made.getKey()).matches("heddle_[A-Za-z0-9_-]{43}");
        assertThat(made.getApiKey().getSubject()).isEqualTo("ada");

        for (var gateway : List.of(here, there)) {
            var calls = calls(gateway, made.getKey());
            assertThat(echo(calls)).isEqualTo("x");
            assertThat(failure(() -> create(calls, key("more", "users.read"))))
                    .satisfies(refusal -> {
                        assertThat(refusal.code()).isEqualTo(Code.PERMISSION_DENIED);
                        assertThat(refusal.reason()).contains("SCOPE_MISSING");
                    });
        }
    }

    @Test
    void keyMayComeInAFieldOfItsOwn() throws Exception {
        var made = create(calls(here, issuer.token("ada", "*")), key("field", "users.read"));
        assertThat(status("/v1/users", "x-api-key", made.getKey())).isEqualTo(200);
        assertThat(status("/v1/users", "x-api-key", made.getKey() + "x")).isEqualTo(401);
        assertThat(status("/v1/users", "x-api-key", "heddle_" + "A".repeat(43))).isEqualTo(401);
        assertThat(status("/v1/users?access_token=" + made.getKey(), "x-y", "z"))
                .isGreaterThanOrEqualTo(400);
    }

    @Test
    void databaseHasNoKeys() {
        var made = create(calls(here, issuer.token("ada", "*")), key("secret", "*"));
        var rows =
                here.database()
                        .plain(db ->
                                db.createNamedGet(
                                                "test.keys",
                                                "SELECT string_agg(CAST(row_to_json(api_keys) AS text), '') AS all_keys FROM api_keys")
                                        .execute()
                                        .orElseThrow()
                                        .column("all_keys")
                                        .getString());
        assertThat(rows).contains("secret").doesNotContain(made.getKey().substring(7));
    }

    @Test
    void nobodyGivesAwayWhatTheyDontHold() {
        var calls = calls(here, issuer.token("bob", "identity.write users.read"));
        assertThat(failure(() -> create(calls, key("k", "users.write"))).reason())
                .contains("SCOPE_MISSING");
        assertThat(failure(() -> create(calls, key("k", "*"))).reason()).contains("SCOPE_MISSING");
        var forAda = key("k", "users.read").toBuilder().setSubject("ada").build();
        assertThat(failure(() -> create(calls, forAda)).message())
                .isEqualTo("scope identity.admin is missing");
        var over =
                key("k", "users.read").toBuilder().setExpireTime(Timestamps.fromMillis(1)).build();
        assertThat(failure(() -> create(calls, over)).code()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(create(calls, key("k", "users.read")).getApiKey().getScopesList())
                .containsExactly("users.read");
    }

    @Test
    void everybodySeesAndRevokesTheirOwnAlone() {
        var adas = create(calls(here, issuer.token("carol", "*")), key("carols", "users.read"));
        var dave = calls(here, issuer.token("dave", "identity.read identity.write users.read"));
        var first = create(dave, key("1", "users.read")).getApiKey();
        var second = create(dave, key("2", "users.read")).getApiKey();

        var page =
                dave.grpc(
                        IdentityServiceGrpc.getListApiKeysMethod(),
                        ListApiKeysRequest.newBuilder().setPageSize(1).build());
        assertThat(page.getApiKeysList()).containsExactly(first);
        var next =
                dave.grpc(
                        IdentityServiceGrpc.getListApiKeysMethod(),
                        ListApiKeysRequest.newBuilder()
                                .setPageSize(5)
                                .setPageToken(page.getNextPageToken())
                                .build());
        assertThat(next.getApiKeysList()).containsExactly(second);
        assertThat(next.getNextPageToken()).isEmpty();
        assertThat(failure(() -> revoke(dave, adas.getApiKey().getId())).reason())
                .contains("API_KEY_NOT_FOUND");
        assertThat(failure(() -> revoke(dave, "nothing")).reason()).contains("API_KEY_NOT_FOUND");
    }

    @Test
    void revokedKeyIsRefusedByEveryReplica() {
        var admin = calls(here, issuer.token("ada", "*"));
        var made = create(admin, key("short", "users.read"));
        var bearerHere = calls(here, made.getKey());
        var bearerThere = calls(there, made.getKey());
        assertThat(echo(bearerHere)).isEqualTo("x");
        assertThat(echo(bearerThere)).isEqualTo("x");

        var revoked = revoke(admin, made.getApiKey().getId());
        assertThat(revoked.hasRevokeTime()).isTrue();
        assertThat(reason(bearerHere)).contains("TOKEN_REVOKED");
        Await.until("the other replica knows", () -> reason(bearerThere).isPresent());
        assertThat(reason(bearerThere)).contains("TOKEN_REVOKED");
        assertThat(revoke(admin, made.getApiKey().getId())).isEqualTo(revoked);
    }

    // Tokens

    @Test
    void revokedTokenIsRefusedByEveryReplicaAndThoseThatStartLater() throws Exception {
        var token = issuer.token(claims -> claims.subject("eve").jwtID("the-token"));
        var other = issuer.token(claims -> claims.subject("eve"));
        assertThat(reason(calls(there, token))).isEmpty();

        var _ =
                calls(here, issuer.token("ada", "identity.admin"))
                        .grpc(
                                IdentityServiceGrpc.getRevokeTokenMethod(),
                                RevokeTokenRequest.newBuilder().setJti("the-token").build());

        assertThat(reason(calls(here, token))).contains("TOKEN_REVOKED");
        var bearer = calls(there, token);
        Await.until("the other replica knows", () -> reason(bearer).isPresent());
        assertThat(reason(calls(there, other))).isEmpty();
    }

    @Test
    void allThatASubjectHoldsIsRevokedAtOnce() {
        var old = issuer.token(claims -> claims.subject("frank"));
        var admin = calls(here, issuer.token("ada", "*"));
        var franks = key("franks", "users.read").toBuilder().setSubject("frank").build();
        var made = create(admin, franks);
        assertThat(reason(calls(here, made.getKey()))).isEmpty();

        var _ =
                admin.grpc(
                        IdentityServiceGrpc.getRevokeTokenMethod(),
                        RevokeTokenRequest.newBuilder().setSubject("frank").build());

        assertThat(reason(calls(here, old))).contains("TOKEN_REVOKED");
        assertThat(reason(calls(here, made.getKey()))).contains("TOKEN_REVOKED");
        var later =
                issuer.token(claims ->
                        claims.subject("frank")
                                .issueTime(java.util.Date.from(Instant.now().plusSeconds(2))));
        assertThat(reason(calls(here, later))).isEmpty();
    }

    // Tickets

    @Test
    void ticketIsGoodForOneHandshakeAtAnyReplica() throws Exception {
        var calls = calls(here, issuer.token("ada", "*"));
        for (var place : List.of("?ticket=%s", "")) {
            var ticket = ticket(calls);
            var target = "/v1/echo:stream" + place.formatted(ticket);
            var field = "Sec-WebSocket-Protocol: heddle.json, ticket." + ticket;
            var fields = place.isEmpty() ? new String[] {field} : new String[0];
            try (var socket = RawWebSocket.open(there.port(), target, fields)) {
                socket.send("{\"type\":\"request\",\"message\":{\"message\":\"x\",\"count\":1}}");
                assertThat(socket.receiveText()).contains("\"message\":\"x\"");
            }
            try (var socket = new RawWebSocket(here.port())) {
                assertThat(socket.shakeHands(target, fields).getFirst()).startsWith("HTTP/1.1 401");
            }
        }
    }

    @Test
    void ofManyWhoUseATicketOneGetsIn() throws Exception {
        var ticket = ticket(calls(here, issuer.token("ada", "*")));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var tries = new ArrayList<Callable<String>>();
            for (var i = 0; i < 10; i++) {
                var port = i % 2 == 0 ? here.port() : there.port();
                tries.add(() -> {
                    try (var socket = new RawWebSocket(port)) {
                        return socket.shakeHands("/v1/echo:stream?ticket=" + ticket).getFirst();
                    }
                });
            }
            var answers = new ArrayList<String>();
            for (var answer : threads.invokeAll(tries)) {
                answers.add(answer.get().substring(0, 12));
            }
            assertThat(answers).containsOnlyOnce("HTTP/1.1 101").contains("HTTP/1.1 401");
        }
    }

    @Test
    void ticketDiesWithTheTokenThatBoughtIt() throws Exception {
        var token = issuer.token(claims -> claims.subject("gina").jwtID("ginas"));
        var ticket = ticket(calls(here, token));
        var _ =
                calls(here, issuer.token("ada", "*"))
                        .grpc(
                                IdentityServiceGrpc.getRevokeTokenMethod(),
                                RevokeTokenRequest.newBuilder().setJti("ginas").build());
        try (var socket = new RawWebSocket(here.port())) {
            assertThat(socket.shakeHands("/v1/echo:stream?ticket=" + ticket).getFirst())
                    .startsWith("HTTP/1.1 401");
        }
    }

    @Test
    void nothingElseLetsInByTheAddress() throws Exception {
        var token = issuer.token("ada", "*");
        for (var target :
                List.of(
                        "/v1/echo:stream?access_token=" + token,
                        "/v1/echo:stream?authorization=Bearer%20" + token,
                        "/v1/echo:stream?ticket=" + token)) {
            try (var socket = new RawWebSocket(here.port())) {
                assertThat(socket.shakeHands(target).getFirst()).matches("HTTP/1.1 40[01].*");
            }
        }
    }

    private GatewayCalls calls(TestGateway gateway, String token) {
        var calls = new GatewayCalls(URI.create("http://127.0.0.1:" + gateway.port()), token);
        opened.add(calls);
        return calls;
    }

    private int status(String target, String name, String value) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var request =
                    HttpRequest.newBuilder(
                                    URI.create(
                                            "http://127.0.0.1:%d%s".formatted(here.port(), target)))
                            .header(name, value)
                            .build();
            return client.send(request, BodyHandlers.discarding()).statusCode();
        }
    }

    private static ApiKey key(String name, String scope) {
        return ApiKey.newBuilder().setName(name).addScopes(scope).build();
    }

    private static CreateApiKeyResponse create(GatewayCalls calls, ApiKey key) {
        return calls.grpc(
                IdentityServiceGrpc.getCreateApiKeyMethod(),
                CreateApiKeyRequest.newBuilder().setApiKey(key).build());
    }

    private static ApiKey revoke(GatewayCalls calls, String id) {
        return calls.grpc(
                IdentityServiceGrpc.getRevokeApiKeyMethod(),
                RevokeApiKeyRequest.newBuilder().setId(id).build());
    }

    private static String ticket(GatewayCalls calls) {
        return calls.grpc(
                        IdentityServiceGrpc.getCreateTicketMethod(),
                        CreateTicketRequest.getDefaultInstance())
                .getTicket();
    }

    private static String echo(GatewayCalls calls) {
        return calls.grpc(DiagnosticsServiceGrpc.getEchoMethod(), ECHO).getMessage();
    }

    private static Optional<String> reason(GatewayCalls calls) {
        try {
            var _ = echo(calls);
            return Optional.empty();
        } catch (RpcException e) {
            assertThat(e.code()).isEqualTo(Code.UNAUTHENTICATED);
            return e.reason();
        }
    }

    private static RpcException failure(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable body) {
        return catchThrowableOfType(RpcException.class, body);
    }
}
