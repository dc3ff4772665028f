package dev.heddle.hostile;

import dev.heddle.http.helidon.RawClient;
import dev.heddle.http.websocket.RawWebSocket;
import dev.heddle.testing.FacadeCalls;
import dev.heddle.testing.RawHttp2;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/// What a client that means harm does with one connection, until the server has enough of it or
/// there is nothing more to do.
public enum Attack {
    /// A connection on which nothing ever comes.
    HALF_OPEN(100) {
        @Override
        void commit(Target target) throws IOException {
            try (var client = new RawClient(target.port())) {
                var _ = client.isClosedByServer();
            }
        }
    },

    /// Slow-loris: a header, a byte at a time.
    HEADER_DRIP(100) {
        @Override
        void commit(Target target) throws IOException {
            try (var client = new RawClient(target.port())) {
                drip(client.send("GET /v1/users HTTP/1.1\r\nHost: localhost\r\nX-Drip: "));
            }
        }
    },

    /// The same with the body of a request that has all the time of the world.
    BODY_DRIP(50) {
        @Override
        void commit(Target target) throws IOException {
            try (var client = new RawClient(target.port())) {
                var head = post(target, "Content-Length: 1000000\r\nX-Server-Timeout: 100000\r\n");
                drip(client.send(head + "{\"message\":\""));
            }
        }
    },

    /// An answer that is long, and nobody who reads it.
    DEAF(5) {
        @Override
        void commit(Target target) throws IOException {
            try (var client = RawHttp2.deaf(target.port())) {
                client.send(RawHttp2.windowUpdate(0, Integer.MAX_VALUE - 65_535));
                for (var id = 1; id < 50; id += 2) {
                    client.send(call(target, id, ECHO_STREAM), RawHttp2.data(id, true, STREAM));
                    client.send(RawHttp2.windowUpdate(id, 1 << 30));
                }
                while (true) {
                    pause(DRIP);
                    client.send(RawHttp2.ping(1));
                }
            }
        }
    },

    /// Answers that can't be sent, on as many streams as there may be.
    TINY_WINDOWS(1) {
        @Override
        void commit(Target target) throws IOException {
            try (var client = RawHttp2.open(target.port(), INITIAL_WINDOW_SIZE, 1)) {
                for (var id = 1; id < 500; id += 2) {
                    client.send(call(target, id, ECHO_STREAM), RawHttp2.data(id, true, STREAM));
                }
                var _ = client.isClosedWithin(Duration.ofSeconds(5));
            }
        }
    },

    /// CVE-2023-44487.
    RAPID_RESET(1) {
        @Override
        void commit(Target target) throws IOException {
            try (var client = RawHttp2.open(target.port())) {
                floodOfStreams(
                        client,
                        id -> RawHttp2.join(call(target, id, ECHO), RawHttp2.reset(id, CANCEL)));
            }
        }
    },

    /// Fields without end, and table entries that come over and over for a byte each.
    HEADER_BOMB(1) {
        @Override
        void commit(Target target) throws IOException {
            try (var client = new RawClient(target.port())) {
                flood(client.send("GET / HTTP/1.1\r\n"), "X-Y: %s\r\n".formatted("y".repeat(1000)));
            }
            try (var client = RawHttp2.open(target.port())) {
                floodOfStreams(client, RawHttp2::hpackBomb);
            }
        }
    },

    CONTINUATION_FLOOD(1) {
        @Override
        void commit(Target target) throws IOException {
            try (var client = RawHttp2.open(target.port())) {
                client.send(RawHttp2.frame(RawHttp2.HEADERS, 0, 1, RawHttp2.block("a", "b")));
                client.flood(FRAMES, RawHttp2.frame(RawHttp2.CONTINUATION, 0, 1, new byte[100]));
            }
        }
    },

    /// Pings, over HTTP/2 and over a WebSocket, and fragments that hold nothing.
    PING_FLOOD(1) {
        @Override
        void commit(Target target) throws IOException {
            try (var client = RawHttp2.open(target.port())) {
                client.flood(FRAMES, RawHttp2.ping(1));
            }
            try (var client = webSocket(target)) {
                flood(client, RawWebSocket.frame(0x80 | RawWebSocket.PING, new byte[100]));
            }
            try (var client = webSocket(target)) {
                client.send(RawWebSocket.TEXT, "x");
                flood(client, RawWebSocket.frame(RawWebSocket.CONTINUATION, new byte[0]));
            }
        }
    },

    /// Little that becomes a lot, in every place where something is decompressed.
    GZIP_BOMB(1) {
        @Override
        void commit(Target target) throws IOException {
            try (var client = RawHttp2.open(target.port())) {
                client.send(call(target, 1, ECHO));
                sendData(client, FacadeCalls.envelope(1, BOMB));
                client.await(frame -> frame.has(RawHttp2.END_STREAM));
            }
            try (var client = new RawClient(target.port())) {
                client.send(
                                post(
                                        target,
                                        "Content-Encoding: gzip\r\nContent-Length: %d\r\n"
                                                .formatted(BOMB.length)))
                        .send(BOMB)
                        .receive();
            }
            try (var client = webSocket(target, "Sec-WebSocket-Extensions: permessage-deflate")) {
                client.send(0x80 | RawWebSocket.RSV1 | RawWebSocket.TEXT, DEFLATED_BOMB);
                var _ = client.receive();
            }
        }
    },

    /// Lengths that nobody should believe.
    GIANT_FRAME(1) {
        @Override
        void commit(Target target) throws IOException {
            try (var client = RawHttp2.open(target.port())) {
                client.send(call(target, 1, ECHO));
                client.send(
                        RawHttp2.data(
                                1, false, (byte) 0, (byte) 127, (byte) -1, (byte) -1, (byte) -1));
                client.await(frame -> frame.has(RawHttp2.END_STREAM));
                client.send(RawHttp2.frame(RawHttp2.DATA, 0, 3, new byte[10], (1 << 24) - 1));
                var _ = client.isClosedWithin(Duration.ofSeconds(5));
            }
            try (var client = webSocket(target)) {
                client.send(
                        RawWebSocket.frame(
                                0x80 | RawWebSocket.TEXT, 8, Long.MAX_VALUE, new byte[10]));
                var _ = client.receive();
            }
            try (var client = new RawClient(target.port())) {
                var head = post(target, "Content-Length: 9223372036854775807\r\n");
                client.send(head + "{\"message\":\"").receive();
            }
        }
    };

    private static final String ECHO = FacadeCalls.SERVICE + "Echo";
    private static final String ECHO_STREAM = FacadeCalls.SERVICE + "EchoStream";
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int CANCEL = 8;
    private static final int FRAMES = 20_000;
    private static final int BOMB_SIZE = 64 << 20;
    private static final Duration DRIP = Duration.ofMillis(100);
    private static final byte[] STREAM =
            FacadeCalls.envelope(
                    0,
                    FacadeCalls.request("x".repeat(1000)).toBuilder()
                            .setCount(1000)
                            .build()
                            .toByteArray());
    private static final byte[] BOMB = bomb(true);
    private static final byte[] DEFLATED_BOMB = bomb(false);

    private final int connections;

    Attack(int connections) {
        this.connections = connections;
    }

    /// Whom it is for.
    ///
    /// @param token that opens its methods: the worst attackers are those who may come in
    record Target(int port, String token) {}

    /// How many attackers do it at once.
    int connections() {
        return connections;
    }

    /// Does it once.
    ///
    /// @throws IOException when the server has cut the connection, as it should at some time
    abstract void commit(Target target) throws IOException;

    private static byte[] call(Target target, int id, String path) {
        return RawHttp2.call(
                id, path, "grpc-encoding", "gzip", "authorization", "Bearer " + target.token());
    }

    private static String post(Target target, String fields) {
        return "POST /v1/echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Authorization: Bearer %s\r\n%s\r\n".formatted(target.token(), fields);
    }

    private static RawWebSocket webSocket(Target target, String... fields) throws IOException {
        var all = Arrays.copyOf(fields, fields.length + 1);
        all[fields.length] = "Authorization: Bearer " + target.token();
        return RawWebSocket.open(
                target.port(), "/ws%s".formatted(FacadeCalls.SERVICE + "EchoChat"), all);
    }

    private static void drip(RawClient client) throws IOException {
        while (true) {
            client.send("a");
            pause(DRIP);
        }
    }

    private static void flood(RawClient client, String text) throws IOException {
        for (var i = 0; i < FRAMES; i++) {
            client.send(text);
        }
    }

    private static void flood(RawWebSocket client, byte[] frame) throws IOException {
        for (var i = 0; i < FRAMES; i++) {
            client.send(frame);
        }
    }

    /// The frames with which a stream begins.
    @FunctionalInterface
    private interface Opening {
        byte[] on(int streamId);
    }

    private static void floodOfStreams(RawHttp2 client, Opening opening) throws IOException {
        for (var id = 1; id < 2 * FRAMES; id += 2) {
            client.send(opening.on(id));
        }
    }

    private static void sendData(RawHttp2 client, byte[] bytes) throws IOException {
        var piece = 16 * 1024;
        for (var i = 0; i < bytes.length; i += piece) {
            var end = Math.min(bytes.length, i + piece);
            client.send(RawHttp2.data(1, end == bytes.length, Arrays.copyOfRange(bytes, i, end)));
        }
    }

    private static byte[] bomb(boolean isGzip) {
        var bytes = new ByteArrayOutputStream();
        try (var out =
                isGzip
                        ? new GZIPOutputStream(bytes)
                        : new DeflaterOutputStream(bytes, new Deflater(9, true))) {
            var piece = " ".repeat(1 << 20).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            for (var i = 0; i < BOMB_SIZE / piece.length; i++) {
                out.write(piece);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static void pause(Duration duration) {
        LockSupport.parkNanos(duration.toNanos());
    }
}
