package dev.heddle.http.helidon;

import dev.heddle.http.carrier.AnsweringHandler;
import dev.heddle.http.carrier.Settings;
import dev.heddle.http.carrier.Watchdog;
import dev.heddle.http.h1.Http1Connection;
import dev.heddle.http.h2.Http2Connection;
import dev.heddle.http.tls.TlsSocket;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.spi.ServerConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A connection from its first byte, which tells what it speaks. Helidon could tell as well, but
/// would wait for that byte without a bound.
final class PortConnection implements ServerConnection, Watchdog.Watched {
    private static final byte[] HTTP2_PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final ConnectionContext context;
    private final Settings settings;
    private final AnsweringHandler handler;
    private final HelidonCarrier.Http2Engine engine;
    private final Watchdog watchdog;
    private final BooleanSupplier draining;
    private final long start = System.nanoTime();
    private volatile @Nullable Http1Connection http1;
    private volatile @Nullable Http2Connection http2;
    private volatile @Nullable ServerConnection stock;

    PortConnection(
            ConnectionContext context,
            Settings settings,
            AnsweringHandler handler,
            HelidonCarrier.Http2Engine engine,
            Watchdog watchdog,
            BooleanSupplier draining) {
        this.context = context;
        this.settings = settings;
        this.handler = handler;
        this.engine = engine;
        this.watchdog = watchdog;
        this.draining = draining;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
        watchdog.add(this);
        try {
            if (isHttp2()) {
                serveHttp2(limit);
            } else {
                serveHttp1();
            }
        } catch (DataReader.InsufficientDataAvailableException e) {
            throw new CloseConnectionException("the peer closed the connection", e);
        } catch (IOException e) {
            throw new ServerConnectionException("the connection broke", e);
        } finally {
            watchdog.remove(this);
        }
    }

    private void serveHttp1() throws IOException {
        var connection = http1Connection();
        http1 = connection;
        var upgrade = connection.serve();
        if (upgrade.isPresent() && engine instanceof HelidonCarrier.Http2Engine.Own own) {
            var successor = http2Connection(own, connection.rest());
            http2 = successor;
            http1 = null;
            successor.serve(upgrade.get());
        }
    }

    private void serveHttp2(Limit limit) throws InterruptedException {
        switch (engine) {
            case HelidonCarrier.Http2Engine.Own own -> {
                var connection = http2Connection(own, arrived());
                http2 = connection;
                if (draining.getAsBoolean()) {
                    // It came too late for the watchdog to tell it.
                    connection.drain();
                }
                connection.serve();
            }
            case HelidonCarrier.Http2Engine.Stock(var selector) -> {
                var connection = selector.connection(context);
                stock = connection;
                connection.handle(limit);
            }
        }
    }

    private Http2Connection http2Connection(HelidonCarrier.Http2Engine.Own own, byte[] first) {
        return new Http2Connection(
                context.serverSocket(), first, settings, own.settings(), handler);
    }

    /// What was read from the socket to identify the protocol.
    private byte[] arrived() {
        var reader = context.dataReader();
        var count = reader.available();
        return count == 0 ? new byte[0] : reader.readBytes(count);
    }

    private boolean isHttp2() {
        var socket = context.serverSocket();
        return socket.protocolNegotiated()
                ? socket.protocol().equals("h2")
                : context.dataReader().startsWith(HTTP2_PREFACE);
    }

    /// Under TLS, the handshake is where HTTP/2 is chosen.
    private boolean isPlaintext() {
        return !(context.serverSocket() instanceof TlsSocket);
    }

    private Http1Connection http1Connection() {
        var reader = context.dataReader();
        reader.ensureAvailable();
        var first = reader.readBytes(reader.available());
        var offersHttp2 = engine instanceof HelidonCarrier.Http2Engine.Own && isPlaintext();
        return new Http1Connection(
                context.serverSocket(), first, settings, handler, draining, offersHttp2);
    }

    @Override
    public void tick(long now) {
        var served = served();
        if (served != null) {
            served.tick(now);
        } else if (stock == null
                && (draining.getAsBoolean() || now - start > settings.headerTimeout().toNanos())) {
            context.serverSocket().close();
        }
    }

    @Override
    public void drain() {
        close(false);
    }

    @Override
    public Duration idleTime() {
        var byHelidon = stock;
        // The watchdog sees to the others.
        return byHelidon == null ? Duration.ZERO : byHelidon.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
        var byHelidon = stock;
        var served = served();
        if (byHelidon != null) {
            byHelidon.close(interrupt);
        } else if (served == null) {
            context.serverSocket().close();
        } else if (interrupt) {
            served.abort();
        } else {
            served.drain();
        }
    }

    @Override
    public void abort() {
        close(true);
    }

    private Watchdog.@Nullable Watched served() {
        return http1 == null ? http2 : http1;
    }
}
