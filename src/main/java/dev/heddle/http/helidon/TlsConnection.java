package dev.heddle.http.helidon;

import dev.heddle.http.carrier.Watchdog;
import dev.heddle.http.tls.TlsServer;
import dev.heddle.http.tls.TlsSocket;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// TLS around a connection: a handshake before it and a good-bye after it, each bounded in time.
final class TlsConnection implements ServerConnection, Watchdog.Watched {
    private static final Logger LOGGER = System.getLogger(TlsConnection.class.getName());
    private static final Duration PARTING = Duration.ofSeconds(1);
    private static final long NO_DEADLINE = 0;

    private final ConnectionContext context;
    private final TlsServer tls;
    private final Duration handshakeTimeout;
    private final Watchdog watchdog;
    private final Function<ConnectionContext, ServerConnection> inner;
    private volatile long deadline = NO_DEADLINE;
    private volatile @Nullable ServerConnection connection;

    /// @param inner makes the connection that is served under TLS
    TlsConnection(
            ConnectionContext context,
            TlsServer tls,
            Duration handshakeTimeout,
            Watchdog watchdog,
            Function<ConnectionContext, ServerConnection> inner) {
        this.context = context;
        this.tls = tls;
        this.handshakeTimeout = handshakeTimeout;
        this.watchdog = watchdog;
        this.inner = inner;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
        watchdog.add(this);
        try {
            var socket = shakeHands();
            var secure = inner.apply(new SecureContext(context, socket));
            connection = secure;
            try {
                secure.handle(limit);
            } finally {
                part(socket);
            }
        } finally {
            watchdog.remove(this);
        }
    }

    private TlsSocket shakeHands() {
        deadline = deadlineIn(handshakeTimeout);
        try {
            var socket = tls.over(context.serverSocket());
            socket.shakeHands();
            deadline = NO_DEADLINE;
            return socket;
        } catch (IOException e) {
            LOGGER.log(
                    Level.DEBUG,
                    "no TLS with {0}: {1}",
                    context.remotePeer().host(),
                    e.getMessage());
            throw new CloseConnectionException("the TLS handshake failed", e);
        }
    }

    private void part(TlsSocket socket) {
        deadline = deadlineIn(PARTING);
        try {
            socket.end();
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "the peer of a TLS connection left without a good-bye", e);
        }
    }

    private static long deadlineIn(Duration duration) {
        return (System.nanoTime() + duration.toNanos()) | 1;
    }

    @Override
    public void tick(long now) {
        var end = deadline;
        if (end != NO_DEADLINE && now - end > 0) {
            context.serverSocket().close();
        }
    }

    @Override
    public void drain() {
        if (connection == null) {
            context.serverSocket().close();
        }
    }

    @Override
    public Duration idleTime() {
        var secure = connection;
        return secure == null ? Duration.ZERO : secure.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
        var secure = connection;
        if (secure == null) {
            context.serverSocket().close();
        } else {
            secure.close(interrupt);
        }
    }
}
