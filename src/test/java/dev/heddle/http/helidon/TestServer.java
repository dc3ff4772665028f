package dev.heddle.http.helidon;

import dev.heddle.http.ExchangeHandler;
import dev.heddle.http.carrier.Settings;
import dev.heddle.http.h2.Http2Settings;
import dev.heddle.http.tls.TlsSettings;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;

/// A server on a free port with one handler.
public final class TestServer implements AutoCloseable {
    private final String scheme;
    private final HelidonCarrier carrier;
    private final WebServer server;

    public TestServer(ExchangeHandler handler) {
        this(settings(Duration.ofSeconds(10)), handler);
    }

    public TestServer(Settings settings, ExchangeHandler handler) {
        this(settings, TlsSettings.NONE, handler);
    }

    public TestServer(Settings settings, TlsSettings tls, ExchangeHandler handler) {
        this(settings, Http2Settings.DEFAULT, tls, handler);
    }

    public TestServer(Settings settings, Http2Settings http2, ExchangeHandler handler) {
        this(settings, http2, TlsSettings.NONE, handler);
    }

    private TestServer(
            Settings settings, Http2Settings http2, TlsSettings tls, ExchangeHandler handler) {
        scheme = tls.isEnabled() ? "https" : "http";
        carrier = new HelidonCarrier(settings, http2, tls, handler);
        var config = WebServer.builder().shutdownHook(false);
        carrier.attach(config);
        server = config.build().start();
    }

    /// Settings in which nothing may take longer.
    public static Settings settings(Duration timeout) {
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

    public HelidonCarrier carrier() {
        return carrier;
    }

    public RawClient connect() throws IOException {
        return new RawClient(server.port());
    }

    public int port() {
        return server.port();
    }

    public URI uri(String target) {
        return URI.create("%s://127.0.0.1:%d%s".formatted(scheme, server.port(), target));
    }

    public void stop() {
        server.stop();
    }

    @Override
    public void close() {
        server.stop();
    }
}
