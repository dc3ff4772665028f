package dev.heddle.mail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// A mail server that takes everything, or answers a command as it is told to.
public final class SmtpServer implements AutoCloseable {
    /// The answer of a server that takes what it is sent.
    public static final String DEFAULT = "";

    private final ServerSocket server = new ServerSocket();
    private final Function<String, String> answers;
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger taken = new AtomicInteger();

    private SmtpServer(Function<String, String> answers) throws IOException {
        this.answers = answers;
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /// Starts a server.
    ///
    /// @param answers what to answer to a command, or [#DEFAULT]; it may wait
    public static SmtpServer start(Function<String, String> answers) throws IOException {
        var server = new SmtpServer(answers);
        Thread.startVirtualThread(server::accept);
        return server;
    }

    public int port() {
        return server.getLocalPort();
    }

    /// How many connections have been made.
    int accepted() {
        return accepted.get();
    }

    /// How many connections are open.
    int open() {
        return connections.size();
    }

    /// How many e-mails it has taken.
    public int taken() {
        return taken.get();
    }

    /// Closes all connections; new ones are accepted.
    void disconnect() throws IOException {
        for (var connection : connections) {
            connection.close();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        disconnect();
    }

    private void accept() {
        try {
            while (true) {
                var socket = server.accept();
                accepted.incrementAndGet();
                connections.add(socket);
                Thread.startVirtualThread(() -> serve(socket));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket;
                var in =
                        new BufferedReader(
                                new InputStreamReader(
                                        socket.getInputStream(), StandardCharsets.UTF_8))) {
            send(socket, "220 ready");
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                var command = line.split("[ :]", 2)[0];
                var answer = answers.apply(command);
                send(socket, answer.isEmpty() ? usual(command) : answer);
                if (command.equals("DATA") && answer.isEmpty()) {
                    if (!isWhole(in)) {
                        return;
                    }
                    taken.incrementAndGet();
                    send(socket, "250 taken");
                }
            }
        } catch (IOException _) {
            // the client is gone
        } finally {
            connections.remove(socket);
        }
    }

    /// Reads an e-mail.
    private static boolean isWhole(BufferedReader in) throws IOException {
        var line = in.readLine();
        while (line != null && !line.equals(".")) {
            line = in.readLine();
        }
        return line != null;
    }

    private static String usual(String command) {
        return switch (command) {
            case "DATA" -> "354 go on";
            case "QUIT" -> "221 bye";
            default -> "250 ok";
        };
    }

    private static void send(Socket socket, String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }
}
