package dev.heddle.bench.feed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/// Subscribers in a process of their own, on one thread, which take what comes and look at as
/// little of it as will do: as every message has the same length, bytes tell how many came.
final class Subscribers {
    private static final int BUFFER = 256 * 1024;
    private static final int SAMPLE = 8 * 1024;
    private static final Duration WARM_UP = Duration.ofSeconds(4);
    private static final String PATH = "/heddle.diagnostics.v1.DiagnosticsService/EchoStream";

    /// What precedes each message.
    private static final Map<String, String> MARKS =
            Map.of("sse", "id: ", "websocket", "\"type\":\"message\"", "connect", "xxxx\u0010");

    private Subscribers() {}

    static FanOut.Result run(int port, String framing, int count, Duration duration)
            throws IOException {
        var process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElse("java"),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Subscribers.class.getName(),
                                Integer.toString(port),
                                framing,
                                Integer.toString(count),
                                Long.toString(duration.toMillis()))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (var answer = process.inputReader()) {
            var line = answer.readLine();
            if (line == null) {
                throw new IOException("the subscribers have failed");
            }
            var numbers = line.split(" ", -1);
            return new FanOut.Result(
                    framing, Double.parseDouble(numbers[0]), Double.parseDouble(numbers[1]));
        } finally {
            process.destroyForcibly();
        }
    }

    /// The other process.
    public static void main(String[] arguments) throws IOException {
        var address =
                new InetSocketAddress(
                        InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        var framing = arguments[1];
        var count = Integer.parseInt(arguments[2]);
        var buffer = ByteBuffer.allocateDirect(BUFFER);
        try (var selector = Selector.open()) {
            for (var i = 0; i < count; i++) {
                var channel = SocketChannel.open(address);
                for (var piece : requests(framing)) {
                    channel.write(ByteBuffer.wrap(piece));
                }
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ);
            }
            take(selector, buffer, WARM_UP);
            var size = size(selector, buffer, MARKS.getOrDefault(framing, ""));
            var start = System.nanoTime();
            var bytes = take(selector, buffer, Duration.ofMillis(Long.parseLong(arguments[3])));
            var seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf(Locale.ROOT, "%.0f %.1f%n", bytes / size / seconds, size);
        }
    }

    private static long take(Selector selector, ByteBuffer buffer, Duration duration)
            throws IOException {
        var end = System.nanoTime() + duration.toNanos();
        var bytes = new long[1];
        while (System.nanoTime() < end) {
            selector.select(
                    key -> {
                        buffer.clear();
                        try {
                            var count = ((SocketChannel) key.channel()).read(buffer);
                            if (count < 0) {
                                throw new IOException("a subscription has ended");
                            }
                            bytes[0] += count;
                        } catch (IOException e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    100);
        }
        return bytes[0];
    }

    /// How long a message is, by those that come next to one of the subscribers.
    private static double size(Selector selector, ByteBuffer buffer, String mark)
            throws IOException {
        var channel = (SocketChannel) selector.keys().iterator().next().channel();
        buffer.clear();
        while (buffer.position() < SAMPLE) {
            if (channel.read(buffer) < 0) {
                throw new IOException("a subscription has ended");
            }
        }
        var bytes = new byte[buffer.flip().remaining()];
        buffer.get(bytes);
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        var first = text.indexOf(mark);
        var last = text.lastIndexOf(mark);
        var between = text.substring(first, last).split(java.util.regex.Pattern.quote(mark), -1);
        return (double) (last - first) / (between.length - 1);
    }

    private static byte[][] requests(String framing) {
        return switch (framing) {
            case "sse" ->
                    pieces(
                            "GET /v1/echo:stream HTTP/1.1\r\nhost: localhost\r\nAccept: text/event-stream\r\n\r\n");
            case "websocket" ->
                    pieces(
                            """
                            GET /ws%s HTTP/1.1\r
                            Host: localhost\r
                            Connection: Upgrade\r
                            Upgrade: websocket\r
                            Sec-WebSocket-Version: 13\r
                            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
                            Sec-WebSocket-Protocol: heddle.json\r
                            \r
                            """
                                    .formatted(PATH),
                            // masked with zeros
                            "\u0081\u0092\0\0\0\0{\"type\":\"request\"}");
            default ->
                    pieces(
                            """
                            POST %s HTTP/1.1\r
                            Host: localhost\r
                            Content-Type: application/connect+proto\r
                            Content-Length: 5\r
                            \r
                            \0\0\0\0\0\
                            """
                                    .formatted(PATH));
        };
    }

    private static byte[][] pieces(String... pieces) {
        return Arrays.stream(pieces)
                .map(piece -> piece.getBytes(StandardCharsets.ISO_8859_1))
                .toArray(byte[][]::new);
    }
}
