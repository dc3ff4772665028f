package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import dev.heddle.TestGateway;
import dev.heddle.contract.FramingClient.Options;
import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc;
import dev.heddle.diagnostics.v1.EchoRequest;
import dev.heddle.events.v1.EventServiceGrpc;
import dev.heddle.events.v1.SubscribeRequest;
import dev.heddle.events.v1.SubscribeResponse;
import dev.heddle.http.websocket.RawWebSocket;
import dev.heddle.identity.v1.IdentityServiceGrpc;
import dev.heddle.identity.v1.RevokeTokenRequest;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.Await;
import dev.heddle.testing.GatewayCalls;
import dev.heddle.testing.TestIssuer;
import dev.heddle.testing.TestPostgres;
import io.grpc.Status.Code;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// Streams whose credentials come to an end, over every framing.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class EndedCredentialsTest {
    /// Of what nobody publishes: a bookmark at once, and then nothing for long.
    private static final SubscribeRequest REQUEST =
            SubscribeRequest.newBuilder().setTopic("nothing").build();

    private final TestIssuer issuer = new TestIssuer();
    private final TestGateway gateway;
    private final URI address;

    EndedCredentialsTest() throws IOException, InterruptedException {
        gateway = TestGateway.open(TestPostgres.createDatabase(), issuer.configuration()).start();
        address = URI.create("http://127.0.0.1:" + gateway.port());
    }

    @AfterAll
    void close() {
        gateway.close();
    }

    @Test
    void streamEndsWhenItsTokenExpires() throws Exception {
        var end = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(8);
        var streams = open(issuer.token(claims -> claims.expirationTime(Date.from(end))));

        assertAllEnd(streams, "TOKEN_EXPIRED");
        assertThat(Instant.now()).isAfterOrEqualTo(end);
    }

    @Test
    void streamEndsWhenItsTokenIsRevoked() throws Exception {
        var streams = open(issuer.token(claims -> claims.jwtID("streaming")));
        revoke("streaming");

        assertAllEnd(streams, "TOKEN_REVOKED");
    }

    @Test
    void callThatAnswersOnceEndsToo() throws Exception {
        var slow =
                EchoRequest.newBuilder().setCount(1).setInterval(Durations.fromMinutes(10)).build();
        try (var client = new GrpcClient(address);
                var live =
                        new Live<>(
                                client,
                                DiagnosticsServiceGrpc.getEchoMethod(),
                                slow,
                                options(issuer.token(claims -> claims.jwtID("once"))))) {
            Await.until("the call runs", () -> gateway.activeCalls() > 0);
            revoke("once");
            assertReason(live.failure(), "TOKEN_REVOKED");
        }
    }

    @Test
    void webSocketIsClosedByPolicy() throws Exception {
        var token = issuer.token(claims -> claims.jwtID("socket"));
        try (var socket =
                RawWebSocket.open(
                        gateway.port(),
                        "/v1/topics/nothing/events",
                        "Sec-WebSocket-Protocol: heddle.json, bearer." + token)) {
            socket.send("{\"type\":\"request\"}");
            assertThat(socket.receiveText()).contains("bookmark");
            revoke("socket");
            assertThat(socket.receiveText()).contains("\"code\":16", "TOKEN_REVOKED");
            assertThat(socket.receive().closeCode()).isEqualTo(1008);
        }
    }

    private Map<LiveFraming, Live<SubscribeResponse>> open(String token)
            throws InterruptedException {
        var streams = new EnumMap<LiveFraming, Live<SubscribeResponse>>(LiveFraming.class);
        for (var framing : LiveFraming.values()) {
            streams.put(
                    framing,
                    new Live<>(
                            framing.client(address),
                            EventServiceGrpc.getSubscribeMethod(),
                            REQUEST,
                            options(token)));
        }
        for (var stream : streams.values()) {
            assertThat(stream.next().hasBookmark()).isTrue();
        }
        return streams;
    }

    private static void assertAllEnd(
            Map<LiveFraming, Live<SubscribeResponse>> streams, String reason) throws Exception {
        for (var stream : streams.entrySet()) {
            try (var live = stream.getValue()) {
                assertReason(live.failure(), reason);
            }
        }
    }

    private static void assertReason(Throwable failure, String reason) {
        assertThat(failure).isInstanceOf(RpcException.class);
        var end = (RpcException) failure;
        assertThat(end.code()).isEqualTo(Code.UNAUTHENTICATED);
        assertThat(end.reason()).contains(reason);
    }

    private static Options options(String token) {
        return new Options(Optional.of(token), Optional.empty());
    }

    private void revoke(String jti) {
        try (var calls = new GatewayCalls(address, issuer.token("admin", "identity.admin"))) {
            var _ =
                    calls.grpc(
                            IdentityServiceGrpc.getRevokeTokenMethod(),
                            RevokeTokenRequest.newBuilder().setJti(jti).build());
        }
    }
}
