package dev.heddle.http.helidon;

import dev.heddle.http.ExchangeHandler;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/// A server on a free port with one handler.
final class TestServer implements AutoCloseable {
    private final HelidonCarrier carrier;
    private final WebServer server;

    TestServer(ExchangeHandler handler) {
        this(settings(Duration.ofSeconds(10)), handler);
    }

    TestServer(Settings settings, ExchangeHandler handler) {
        carrier = new HelidonCarrier(settings, handler);
        var config = WebServer.builder().shutdownHook(false);
        carrier.attach(config);
        server = config.build().start();
    }

    /// Settings in which nothing may take longer.
    static Settings settings(Duration timeout) {
        return new Settings(
                "127.0.0.1",
                0,
                1000,
                8 * 1024,
                16 * 1024,
                16 * 1024 * 1024,
                timeout,
                timeout,
                timeout,
                timeout);
    }

    HelidonCarrier carrier() {
        return carrier;
    }

    RawClient connect() throws IOException {
        return new RawClient(server.port());
    }

    URI uri(String target) {
        return URI.create("http://127.0.0.1:" + server.port() + target);
    }

    void stop() {
        server.stop();
    }

    @Override
    public void close() {
        server.stop();
    }
}
