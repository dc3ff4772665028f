package dev.heddle.http.helidon;

import dev.heddle.http.ExchangeHandler;
import dev.heddle.http.carrier.Settings;
import dev.heddle.http.carrier.Watchdog;
import dev.heddle.http.h1.Http1Connection;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
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
    private final ExchangeHandler handler;
    private final ServerConnectionSelector http2Selector;
    private final Watchdog watchdog;
    private final BooleanSupplier draining;
    private final long start = System.nanoTime();
    private volatile @Nullable Http1Connection http1;
    private volatile @Nullable ServerConnection http2;

    PortConnection(
            ConnectionContext context,
            Settings settings,
            ExchangeHandler handler,
            ServerConnectionSelector http2Selector,
            Watchdog watchdog,
            BooleanSupplier draining) {
        this.context = context;
        this.settings = settings;
        this.handler = handler;
        this.http2Selector = http2Selector;
        this.watchdog = watchdog;
        this.draining = draining;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
        watchdog.add(this);
        try {
            if (isHttp2()) {
                var connection = http2Selector.connection(context);
                http2 = connection;
                connection.handle(limit);
            } else {
                var connection = http1Connection();
                http1 = connection;
                connection.serve();
            }
        } catch (DataReader.InsufficientDataAvailableException e) {
            throw new CloseConnectionException("the peer closed the connection", e);
        } catch (IOException e) {
            throw new ServerConnectionException("the connection broke", e);
        } finally {
            watchdog.remove(this);
        }
    }

    private boolean isHttp2() {
        var socket = context.serverSocket();
        return socket.protocolNegotiated()
                ? socket.protocol().equals("h2")
                : context.dataReader().startsWith(HTTP2_PREFACE);
    }

    private Http1Connection http1Connection() {
        var reader = context.dataReader();
        reader.ensureAvailable();
        var first = reader.readBytes(reader.available());
        return new Http1Connection(context.serverSocket(), first, settings, handler, draining);
    }

    @Override
    public void tick(long now) {
        var first = http1;
        if (first != null) {
            first.tick(now);
        } else if (http2 == null
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
        var second = http2;
        // The watchdog sees to the others.
        return second == null ? Duration.ZERO : second.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
        var first = http1;
        var second = http2;
        if (second != null) {
            second.close(interrupt);
        } else if (first == null) {
            context.serverSocket().close();
        } else if (interrupt) {
            first.abort();
        } else {
            first.drain();
        }
    }
}
