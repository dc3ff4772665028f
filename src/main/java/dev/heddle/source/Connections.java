package dev.heddle.source;

import io.helidon.common.tls.Tls;
import io.helidon.webclient.api.ConnectionKey;
import io.helidon.webclient.api.Proxy;
import io.helidon.webclient.api.WebClient;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// The connections to one server that wait for their next request.
///
/// The client's own pool does not hand out what it pools, so that nothing could cut a request's
/// connection; and an interrupt alone does not: an idle connection is watched, and so read first,
/// by a thread of Helidon's.
final class Connections implements AutoCloseable {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private final WebClient client;
    private final ConnectionKey key;
    private final int maxIdle;
    private final Deque<Connection> idle = new ArrayDeque<>();
    private boolean closed;

    Connections(WebClient client, URI server, int maxIdle) {
        var settings = client.prototype();
        var secure = "https".equals(server.getScheme());
        var standardPort = secure ? HTTPS : HTTP;
        this.client = client;
        this.maxIdle = maxIdle;
        this.key =
                ConnectionKey.create(
                        server.getScheme(),
                        server.getHost(),
                        server.getPort() < 0 ? standardPort : server.getPort(),
                        secure ? settings.tls() : Tls.builder().enabled(false).build(),
                        settings.dnsResolver(),
                        settings.dnsAddressLookup(),
                        Proxy.noProxy());
    }

    /// A connection, opened if none waits; to be given back.
    Connection take() {
        for (var next = poll(); next != null; next = poll()) {
            if (next.lend()) {
                return next;
            }
        }
        return new Connection(client, key);
    }

    void giveBack(Connection connection) {
        if (connection.endLoan() && !keep(connection)) {
            connection.close();
        }
    }

    synchronized int idle() {
        return idle.size();
    }

    /// Closes those that wait; those in use are closed when they are given back.
    @Override
    public synchronized void close() {
        closed = true;
        idle.forEach(Connection::close);
        idle.clear();
    }

    /// The one used last, so that those beyond what is needed grow old and are closed by the
    /// server.
    private synchronized @Nullable Connection poll() {
        return idle.poll();
    }

    private synchronized boolean keep(Connection connection) {
        if (closed || idle.size() == maxIdle) {
            return false;
        }
        connection.rest();
        idle.push(connection);
        return true;
    }
}
