package dev.heddle.http.helidon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.http.carrier.Settings;
import dev.heddle.rpc.Headers;
import dev.heddle.testing.Await;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ConnectionBoundsTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void connectionsOfOnePeerBeyondItsBoundAreClosedAtOnce() throws IOException {
        try (var server = server(1000, 3)) {
            var open = new ArrayList<RawClient>();
            for (var i = 0; i < 3; i++) {
                var client = server.connect();
                open.add(client);
                assertThat(client.get("/").status()).isEqualTo(200);
            }
            for (var i = 0; i < 50; i++) {
                try (var more = server.connect()) {
                    assertThat(isRefused(more)).isTrue();
                }
            }
            Await.until("the refused go", () -> server.carrier().openConnections() == 3);

            open.getFirst().close();
            Await.until("one has gone", () -> server.carrier().openConnections() == 2);
            try (var next = server.connect()) {
                assertThat(next.get("/").status()).isEqualTo(200);
            }
            for (var client : open) {
                client.close();
            }
            Await.until("all have gone", () -> server.carrier().openConnections() == 0);
        }
    }

    @Test
    void connectionsBeyondTheBoundOfAllWaitForTheirTurn() throws IOException {
        try (var server = server(2, 2);
                var second = server.connect()) {
            var first = server.connect();
            assertThat(first.get("/").status()).isEqualTo(200);
            assertThat(second.get("/").status()).isEqualTo(200);
            try (var third = server.connect()) {
                third.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(second.get("/").status()).isEqualTo(200);
                assertThat(third.hasArrived()).isFalse();
                assertThat(server.carrier().openConnections()).isEqualTo(2);
                first.close();
                assertThat(third.receive().status()).isEqualTo(200);
            }
        }
    }

    private static boolean isRefused(RawClient client) throws IOException {
        try {
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            return client.isClosedByServer();
        } catch (SocketException _) {
            // closed before it was read, which resets the connection
            return true;
        }
    }

    private static TestServer server(int max, int maxPerPeer) {
        return new TestServer(
                new Settings(
                        "127.0.0.1",
                        0,
                        max,
                        maxPerPeer,
                        1024,
                        2048,
                        100,
                        LONG,
                        LONG,
                        0,
                        LONG,
                        LONG),
                exchange -> exchange.respond(200, Headers.empty(), new byte[2]));
    }
}
