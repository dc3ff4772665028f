package dev.heddle.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.TestGateway;
import dev.heddle.http.websocket.RawWebSocket;
import dev.heddle.testing.TestPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Of two gateways on one database one is killed.
@Timeout(120)
final class ChatCrashTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void whoWasConnectedToAGatewayThatWasKilledIsGone() throws Exception {
        var postgres = TestPostgres.createDatabase();
        var environment =
                Map.of(
                        "HEDDLE_DB_URL", postgres.jdbcUrl(),
                        "HEDDLE_DB_USERNAME", postgres.username(),
                        "HEDDLE_DB_PASSWORD", postgres.password(),
                        "HEDDLE_CHAT_SESSION_LEASE", "1s");
        var data = Files.createTempDirectory(Path.of("target"), "chat-crash-");
        try (var doomed = HeddleProcess.serve(data, environment, List.of());
                var other = TestGateway.open(postgres, Map.of("chat.session-lease", "1s")).start();
                var client =
                        new GatewayClient(
                                URI.create("http://127.0.0.1:" + other.port()), other.token())) {
            assertThat(client.post("/v1/rooms?roomId=wake", "{\"title\":\"Wake\"}").statusCode())
                    .isEqualTo(200);
            try (var socket =
                            RawWebSocket.open(
                                    doomed.port(),
                                    "/ws/heddle.chat.v1.ChatService/Chat",
                                    "Authorization: Bearer " + doomed.token());
                    var events = events(client)) {
                socket.send("{\"type\":\"request\",\"message\":{\"join\":{\"room\":\"wake\"}}}");
                assertThat(read(events, "\"joined\"")).contains("\"developer\"");
                socket.send(
                        "{\"type\":\"message\",\"message\":{\"message\":{\"room\":\"wake\",\"text\":\"last words\"}}}");
                read(events, "last words");

                doomed.kill();
                var killed = System.nanoTime();

                assertThat(read(events, "\"left\"")).contains("\"developer\"");
                assertThat(Duration.ofNanos(System.nanoTime() - killed)).isLessThan(PATIENCE);
                assertThat(client.get("/v1/rooms/wake/messages").body()).contains("last words");
            }
        }
    }

    private static BufferedReader events(GatewayClient client) throws Exception {
        var body = client.stream("/v1/rooms/wake:watch", "text/event-stream").body();
        return new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    private static String read(BufferedReader lines, String part) throws IOException {
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.contains(part)) {
                return line;
            }
        }
        throw new AssertionError("the stream has ended before " + part);
    }
}
