package dev.heddle.http.websocket;

import dev.heddle.http.Exchange;
import dev.heddle.http.carrier.ErrorBody;
import dev.heddle.http.carrier.Watchdog;
import dev.heddle.http.helidon.TestServer;
import dev.heddle.rpc.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// A server that sends each message back. `/flood` sends without end; `/farewell` closes at once.
final class EchoServer implements AutoCloseable {
    /// How each socket ended.
    final BlockingQueue<String> ends = new LinkedBlockingQueue<>();

    private final Settings settings;
    private final Watchdog watchdog = new Watchdog();
    private final TestServer server;

    EchoServer(Settings settings, Duration writeTimeout) {
        this.settings = settings;
        this.server = new TestServer(carrierSettings(writeTimeout), this::handle);
    }

    private static dev.heddle.http.carrier.Settings carrierSettings(Duration writeTimeout) {
        var timeout = Duration.ofSeconds(10);
        return new dev.heddle.http.carrier.Settings(
                "127.0.0.1", 0, 1000, 8192, 16384, 0, timeout, timeout, timeout, writeTimeout);
    }

    int port() {
        return server.uri("/").getPort();
    }

    private void handle(Exchange exchange) throws IOException {
        try {
            var socket = Handshake.of(exchange).accept(Headers.empty(), settings);
            var watched = new Ticking(socket);
            watchdog.add(watched);
            try {
                serve(exchange.rawPath(), socket);
            } finally {
                watchdog.remove(watched);
            }
        } catch (HandshakeException e) {
            exchange.respond(
                    e.status(), e.headers(), new ErrorBody(e.status(), e.message()).toBytes());
        }
    }

    private void serve(String path, WebSocket socket) throws IOException {
        try {
            if (path.equals("/farewell")) {
                socket.close(new CloseStatus(CloseStatus.GOING_AWAY, "€".repeat(100)));
            }
            while (path.equals("/flood")) {
                socket.send(WebSocketMessage.binary(new byte[100_000]));
            }
            for (var next = socket.receive(); next.isPresent(); next = socket.receive()) {
                socket.send(next.get());
            }
            ends.add("closed");
        } catch (WebSocketException e) {
            ends.add("broken");
            socket.close(e.status());
        } catch (IOException e) {
            ends.add("gone");
        }
        socket.finish();
    }

    @Override
    public void close() {
        server.close();
    }

    private record Ticking(WebSocket socket) implements Watchdog.Watched {
        @Override
        public void tick(long now) {
            socket.tick(now);
        }

        @Override
        public void drain() {
            // sockets of tests end with their tests
        }

        @Override
        public void abort() {
            socket.abort();
        }
    }
}
