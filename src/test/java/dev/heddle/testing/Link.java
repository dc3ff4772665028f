package dev.heddle.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A way to a server that can be cut and mended, for a server that goes away and comes back, or
/// falls silent.
public final class Link implements AutoCloseable {
    private final int target;
    private final int port;
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();

    private volatile boolean loses;

    private Link(int target) throws IOException {
        this.target = target;
        this.port = listen(0);
    }

    /// A link to a port of this machine.
    public static Link to(int target) throws IOException {
        return new Link(target);
    }

    /// A link to the server of a JDBC URL.
    public static Link to(TestPostgres.Database database) throws IOException {
        return to(URI.create(database.jdbcUrl().substring("jdbc:".length())).getPort());
    }

    public int port() {
        return port;
    }

    /// The URL of a database by way of this link.
    public String through(TestPostgres.Database database) {
        return database.jdbcUrl().replace(":" + target + "/", ":" + port + "/");
    }

    /// Resets all connections and refuses new ones.
    public void cut() {
        open.removeIf(end -> {
            reset(end);
            return true;
        });
    }

    /// Keeps all connections, and loses what is sent over them from now on.
    public void lose() {
        loses = true;
    }

    /// Accepts connections again, and loses nothing more.
    public void mend() {
        loses = false;
        listen(port);
    }

    @Override
    public void close() {
        cut();
    }

    private int listen(int at) {
        try {
            var server = new ServerSocket(at, 100, InetAddress.getLoopbackAddress());
            open.add(server);
            Thread.startVirtualThread(() -> accept(server));
            return server.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no port for the link", e);
        }
    }

    private void accept(ServerSocket server) {
        try {
            while (true) {
                var near = server.accept();
                var far = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(near);
                open.add(far);
                if (server.isClosed()) {
                    reset(near);
                    reset(far);
                }
                Thread.startVirtualThread(() -> pump(near, far));
                Thread.startVirtualThread(() -> pump(far, near));
            }
        } catch (IOException _) {
            // The link was cut, or its server is gone: either way there is nothing to accept.
        }
    }

    private void pump(Socket from, Socket to) {
        try (from;
                to) {
            var bytes = new byte[8192];
            for (int count; (count = from.getInputStream().read(bytes)) >= 0; ) {
                if (!loses) {
                    to.getOutputStream().write(bytes, 0, count);
                }
            }
        } catch (IOException _) {
            // One end has gone, so the other must.
        }
        open.remove(from);
        open.remove(to);
    }

    private static void reset(Closeable end) {
        try {
            if (end instanceof Socket socket) {
                socket.setSoLinger(true, 0);
            }
            end.close();
        } catch (IOException _) {
            // It has closed by itself.
        }
    }
}
