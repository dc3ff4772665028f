package dev.heddle.facade.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.TestGateway;
import dev.heddle.http.websocket.RawWebSocket;
import dev.heddle.testing.GatewayTest;
import dev.heddle.testing.TestPostgres;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Sockets whose callers have gone, say nothing, or are told to go.
@Timeout(120)
final class AbandonedSocketsTest extends GatewayTest {
    private static final String EXPORT = "/ws/heddle.users.v1.UserService/ExportUsers";
    private static final String STREAM = "/ws/heddle.diagnostics.v1.DiagnosticsService/EchoStream";
    private static final int ABANDONED = 1_000;

    private final int port;

    AbandonedSocketsTest(URI gateway) {
        this.port = gateway.getPort();
    }

    private static RawWebSocket open(int port, String target, String token) throws IOException {
        return RawWebSocket.open(port, target, "Authorization: Bearer " + token);
    }

    @Test
    void thousandAbandonedCallsLeaveNothingBehind() throws IOException {
        try (var create = open(port, "/ws/heddle.users.v1.UserService/BatchCreateUsers", token())) {
            var users = new StringBuilder();
            for (var i = 0; i < 3_000; i++) {
                users.append(i == 0 ? "" : ",")
                        .append(
                                "{\"user\":{\"email\":\"u%d@example.com\",\"name\":\"%s\"}}"
                                        .formatted(i, "n".repeat(60)));
            }
            create.send("{\"type\":\"request\",\"message\":{\"requests\":[" + users + "]}}");
            assertThat(create.receiveText()).startsWith("{\"type\":\"message\"");
        }
        for (var i = 0; i < ABANDONED; i++) {
            var socket = open(port, EXPORT, token());
            socket.send("{\"type\":\"request\",\"credit\":1}");
            assertThat(socket.receiveText()).startsWith("{\"type\":\"message\"");
            if (i % 2 == 0) {
                socket.close();
            } else {
                socket.cut();
            }
        }
        awaitNoActiveCalls();
        awaitNoBusyConnections();
    }

    @Test
    void clientThatBeginsNoCallIsClosed() throws Exception {
        try (var gateway =
                        TestGateway.open(
                                        TestPostgres.createDatabase(),
                                        Map.of("websocket.open-timeout", "200ms"))
                                .start();
                var socket = open(gateway.port(), STREAM, gateway.token())) {
            assertThat(socket.receiveText()).contains("\"type\":\"error\"", "no request within");
            assertThat(socket.receive().closeCode()).isEqualTo(4004);
        }
    }

    @Test
    void gatewayThatStopsSaysSoOnEverySocket() throws Exception {
        var gateway = TestGateway.open(TestPostgres.createDatabase(), Map.of()).start();
        try (var idle = open(gateway.port(), STREAM, gateway.token());
                var busy = open(gateway.port(), STREAM, gateway.token())) {
            assertThat(idle.send("{\"type\":\"ping\"}").receiveText()).contains("pong");
            busy.send("{\"type\":\"request\",\"credit\":1,\"message\":{\"count\":9}}");
            assertThat(busy.receiveText()).contains("\"type\":\"message\"");

            var stopped = CompletableFuture.runAsync(gateway::close);

            assertThat(idle.receive().closeCode()).isEqualTo(1001);
            assertThat(busy.receiveText()).contains("\"type\":\"error\"", "STOPPING");
            assertThat(busy.receive().closeCode()).isEqualTo(1001);
            idle.close(1000);
            busy.close(1000);
            stopped.get(30, TimeUnit.SECONDS);
        }
    }
}
