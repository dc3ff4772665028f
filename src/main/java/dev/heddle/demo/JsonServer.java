package dev.heddle.demo;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// A small server that answers GET requests over HTTP/1.1, as slowly as it is told to, and notices
/// who does not wait for the answer.
public final class JsonServer implements AutoCloseable {
    private static final int MAX_HEAD = 8192;

    private final ServerSocket server;
    private final Function<String, Reply> replies;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger abandoned = new AtomicInteger();
    private final AtomicInteger accepted = new AtomicInteger();

    /// An answer.
    ///
    /// @param status the status of HTTP
    /// @param body the JSON
    /// @param delay how long the client waits for it
    public record Reply(int status, String body, Duration delay) {
        /// An answer at once.
        public static Reply of(String body) {
            return new Reply(200, body, Duration.ZERO);
        }
    }

    private JsonServer(ServerSocket server, Function<String, Reply> replies) {
        this.server = server;
        this.replies = replies;
    }

    /// Starts a server on a free port of the loopback interface.
    ///
    /// @param replies the answer to the path of a request
    public static JsonServer start(Function<String, Reply> replies) {
        try {
            return start(0, replies);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts a server on a port of the loopback interface.
    ///
    /// @throws IOException if the port is taken
    static JsonServer start(int port, Function<String, Reply> replies) throws IOException {
        var socket = new ServerSocket();
        try {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        var server = new JsonServer(socket, replies);
        Thread.startVirtualThread(server::accept);
        return server;
    }

    /// The address of a path.
    public String address(String path) {
        return "http://127.0.0.1:%d%s".formatted(server.getLocalPort(), path);
    }

    /// How many requests have come.
    public int requests() {
        return requests.get();
    }

    /// How many clients closed their connection while they waited.
    public int abandoned() {
        return abandoned.get();
    }

    /// How many connections have been made.
    public int connections() {
        return accepted.get();
    }

    /// Closes all connections; new ones are accepted.
    public void disconnect() {
        connections.forEach(JsonServer::closeQuietly);
    }

    @Override
    public void close() {
        closeQuietly(server);
        disconnect();
    }

    private void accept() {
        try {
            while (true) {
                var socket = server.accept();
                connections.add(socket);
                accepted.incrementAndGet();
                Thread.startVirtualThread(() -> serve(socket));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var in = new BufferedInputStream(socket.getInputStream());
            for (var path = readPath(in); !path.isEmpty(); path = readPath(in)) {
                requests.incrementAndGet();
                var reply = replies.apply(path);
                if (!isAwaited(reply.delay(), socket, in)) {
                    abandoned.incrementAndGet();
                    return;
                }
                write(socket, reply);
            }
        } catch (IOException e) {
            // the client is gone, or the server closed
        } finally {
            connections.remove(socket);
        }
    }

    /// The path of the next request; empty if there is none.
    private static String readPath(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            var next = in.read();
            if (next < 0 || head.length() == MAX_HEAD) {
                return "";
            }
            head.append((char) next);
        }
        return head.toString().split(" ", 3)[1];
    }

    /// Lets time pass.
    ///
    /// @return whether the client is still there after it
    private static boolean isAwaited(Duration delay, Socket socket, InputStream in)
            throws SocketException {
        if (delay.isZero()) {
            return true;
        }
        socket.setSoTimeout(Math.toIntExact(Math.max(1, delay.toMillis())));
        try {
            // a client that waits sends nothing, so what comes is the end
            var _ = in.read();
            return false;
        } catch (SocketTimeoutException _) {
            socket.setSoTimeout(0);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void write(Socket socket, Reply reply) throws IOException {
        var body = reply.body().getBytes(StandardCharsets.UTF_8);
        var head =
                "HTTP/1.1 %d %s\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
                        .formatted(
                                reply.status(),
                                reply.status() == 200 ? "OK" : "Failed",
                                body.length);
        var out = socket.getOutputStream();
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(body);
        out.flush();
    }

    static void closeQuietly(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            // it is to be gone, and is
        }
    }
}
