package dev.heddle.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Clients that have a stream open each and do nothing, in a process of their own, so that they
/// don't take room beside the server.
public final class IdleClients implements AutoCloseable {
    private static final String READY = "ready";

    private final Process process;

    private IdleClients(Process process) {
        this.process = process;
    }

    /// Opens connections, and returns when each has begun to answer.
    ///
    /// @param target what they get, as server-sent events
    /// @param awaited what the answer of each holds before it falls silent
    public static IdleClients open(int port, int count, String target, String awaited) {
        try {
            var process =
                    new ProcessBuilder(
                                    ProcessHandle.current().info().command().orElse("java"),
                                    "-Xmx256m",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    IdleClients.class.getName(),
                                    Integer.toString(port),
                                    Integer.toString(count),
                                    target,
                                    awaited)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            var clients = new IdleClients(process);
            if (!READY.equals(process.inputReader().readLine())) {
                clients.close();
                throw new IllegalStateException("%d clients did not start".formatted(count));
            }
            return clients;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /// The other process. It ends with the one that started it.
    public static void main(String[] arguments) throws IOException {
        var address =
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        var count = Integer.parseInt(arguments[1]);
        var request =
                "GET %s HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"
                        .formatted(arguments[2])
                        .getBytes(StandardCharsets.US_ASCII);
        var all = new ArrayList<SocketChannel>(count);
        for (var i = 0; i < count; i++) {
            var channel = SocketChannel.open(address);
            channel.write(ByteBuffer.wrap(request));
            all.add(channel);
        }
        awaitAll(all, arguments[3]);
        System.out.println(READY);
        var stdin = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var _ = stdin.readLine();
        for (var channel : all) {
            channel.close();
        }
    }

    private static void awaitAll(List<SocketChannel> all, String awaited) throws IOException {
        var buffer = ByteBuffer.allocate(64 * 1024);
        for (var channel : all) {
            var text = new StringBuilder();
            while (text.indexOf(awaited) < 0) {
                buffer.clear();
                if (channel.read(buffer) < 0) {
                    throw new IOException("a stream ended: " + text);
                }
                text.append(
                        new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8));
            }
        }
    }
}
