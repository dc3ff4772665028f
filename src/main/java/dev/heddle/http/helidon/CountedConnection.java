package dev.heddle.http.helidon;

import dev.heddle.rpc.PeerAddress;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/// A connection among those of its peer, which may have so many and no more.
final class CountedConnection implements ServerConnection {
    private static final Logger LOGGER = System.getLogger(CountedConnection.class.getName());

    private final ConnectionContext context;
    private final Connections connections;
    private final ServerConnection inner;

    CountedConnection(ConnectionContext context, Connections connections, ServerConnection inner) {
        this.context = context;
        this.connections = connections;
        this.inner = inner;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
        var peer = PeerAddress.ofHost(context.remotePeer().host());
        if (!connections.enter(peer)) {
            LOGGER.log(Level.DEBUG, "{0} has as many connections as it may already", peer);
            context.serverSocket().close();
            return;
        }
        try {
            inner.handle(limit);
        } finally {
            connections.leave(peer);
        }
    }

    @Override
    public Duration idleTime() {
        return inner.idleTime();
    }

    @Override
    public void close(boolean interrupt) {
        inner.close(interrupt);
    }
}
