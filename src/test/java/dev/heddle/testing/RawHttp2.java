package dev.heddle.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// A client that speaks HTTP/2 as the test has it, frame for frame, right or wrong. It answers
/// nothing by itself. What arrives is read by a thread of its own, so that a test can send on.
public final class RawHttp2 implements AutoCloseable {
    public static final int DATA = 0;
    public static final int HEADERS = 1;
    public static final int PRIORITY = 2;
    public static final int RST_STREAM = 3;
    public static final int SETTINGS = 4;
    public static final int PUSH_PROMISE = 5;
    public static final int PING = 6;
    public static final int GOAWAY = 7;
    public static final int WINDOW_UPDATE = 8;
    public static final int CONTINUATION = 9;

    public static final int ACK = 0x1;
    public static final int END_STREAM = 0x1;
    public static final int END_HEADERS = 0x4;
    public static final int PADDED = 0x8;
    public static final int PRIORITIZED = 0x20;

    public static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final int NO_TYPE = -1;
    private static final Frame END = new Frame(NO_TYPE, 0, 0, new byte[0]);

    private final Socket socket;
    private final BlockingQueue<Frame> received = new LinkedBlockingQueue<>();

    /// A frame as it came.
    @SuppressWarnings("ArrayRecordComponent") // never compared with another
    public record Frame(int type, int flags, int stream, byte[] payload) {
        public boolean is(int wanted) {
            return type == wanted;
        }

        public boolean has(int flag) {
            return (flags & flag) != 0;
        }

        /// Four bytes of the payload.
        public int word(int offset) {
            return ByteBuffer.wrap(payload).getInt(offset);
        }

        /// The error code of RST_STREAM or GOAWAY.
        public int errorCode() {
            return word(type == GOAWAY ? 4 : 0);
        }

        @Override
        public String toString() {
            var head = Arrays.copyOf(payload, Math.min(80, payload.length));
            return "type %d, flags %x, stream %d, %d bytes %s"
                    .formatted(
                            type,
                            flags,
                            stream,
                            payload.length,
                            type == GOAWAY
                                    ? new String(head, StandardCharsets.ISO_8859_1)
                                    : Arrays.toString(head));
        }
    }

    private RawHttp2(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
    }

    /// Opens a connection and sends nothing yet.
    public static RawHttp2 silent(int port) throws IOException {
        var client = new RawHttp2(port);
        Thread.ofVirtual().name("raw-http2").start(client::readAll);
        return client;
    }

    /// Opens a connection with the preface and settings.
    public static RawHttp2 open(int port, int... settings) throws IOException {
        return silent(port).send(PREFACE, settings(settings));
    }

    /// Opens a connection whose client never reads.
    public static RawHttp2 deaf(int port, int... settings) throws IOException {
        return new RawHttp2(port).send(PREFACE, settings(settings));
    }

    /// Sends bytes at once.
    public synchronized RawHttp2 send(byte[]... parts) throws IOException {
        socket.getOutputStream().write(join(parts));
        return this;
    }

    /// Sends the same bytes over and over, until that does not go any more.
    ///
    /// @return how often it went
    public int flood(int times, byte[] bytes) {
        for (var sent = 0; sent < times; sent++) {
            try {
                send(bytes);
            } catch (IOException _) {
                // The server has cut the connection, as it should at some time.
                return sent;
            }
        }
        return times;
    }

    /// What came next; empty if nothing did in time.
    ///
    /// @throws IOException if the connection has ended
    public Optional<Frame> poll(Duration patience) throws IOException {
        try {
            var frame = received.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
            if (frame != null && frame.is(NO_TYPE)) {
                received.add(END);
                throw new IOException("the server has closed the connection");
            }
            return Optional.ofNullable(frame);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    /// The next frame that is wanted; those before it are passed over.
    ///
    /// @throws IOException if the connection ends before
    public Frame await(Predicate<Frame> wanted) throws IOException {
        return await(wanted, Duration.ofSeconds(10));
    }

    /// The next frame that is wanted; those before it are passed over.
    ///
    /// @throws IOException if the connection or the patience ends before
    public Frame await(Predicate<Frame> wanted, Duration patience) throws IOException {
        var end = System.nanoTime() + patience.toNanos();
        while (true) {
            var left = Duration.ofNanos(end - System.nanoTime());
            var frame = poll(left).orElseThrow(() -> new IOException("not within " + patience));
            if (wanted.test(frame)) {
                return frame;
            }
        }
    }

    /// The next frame of a type.
    public Frame await(int type) throws IOException {
        return await(frame -> frame.is(type));
    }

    /// Waits for the end of the connection.
    ///
    /// @return false if it does not come in time
    public boolean isClosedWithin(Duration patience) {
        try {
            await(_ -> false, patience);
            return false;
        } catch (IOException _) {
            // Else it was the patience that ended.
            return received.contains(END);
        }
    }

    /// What is sent waits with the server from now on; the connection stays.
    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void readAll() {
        try {
            var in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            while (true) {
                received.add(read(in));
            }
        } catch (IOException _) {
            // However it ended: the test is told that it did.
            received.add(END);
        }
    }

    private static Frame read(DataInputStream in) throws IOException {
        var length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        var type = in.readUnsignedByte();
        var flags = in.readUnsignedByte();
        var stream = in.readInt();
        var payload = new byte[length];
        in.readFully(payload);
        return new Frame(type, flags, stream, payload);
    }

    /// A frame with its header.
    public static byte[] frame(int type, int flags, int stream, byte... payload) {
        return frame(type, flags, stream, payload, payload.length);
    }

    /// A frame that says it is longer or shorter than it is.
    public static byte[] frame(int type, int flags, int stream, byte[] payload, int length) {
        return ByteBuffer.allocate(9 + payload.length)
                .put((byte) (length >> 16))
                .putShort((short) length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    public static byte[] settings(int... idsAndValues) {
        var payload = ByteBuffer.allocate(idsAndValues.length * 3);
        for (var i = 0; i < idsAndValues.length; i += 2) {
            payload.putShort((short) idsAndValues[i]).putInt(idsAndValues[i + 1]);
        }
        return frame(SETTINGS, 0, 0, payload.array());
    }

    public static byte[] windowUpdate(int stream, int increment) {
        return frame(WINDOW_UPDATE, 0, stream, word(increment));
    }

    public static byte[] reset(int stream, int errorCode) {
        return frame(RST_STREAM, 0, stream, word(errorCode));
    }

    public static byte[] ping(long payload) {
        return frame(PING, 0, 0, ByteBuffer.allocate(8).putLong(payload).array());
    }

    public static byte[] data(int stream, boolean last, byte... payload) {
        return frame(DATA, last ? END_STREAM : 0, stream, payload);
    }

    /// A header block in one frame.
    public static byte[] headers(int stream, boolean last, String... namesAndValues) {
        return frame(HEADERS, END_HEADERS | (last ? END_STREAM : 0), stream, block(namesAndValues));
    }

    /// The head of a request, in one frame.
    public static byte[] request(int stream, boolean last, String method, String path) {
        return headers(
                stream,
                last,
                ":method",
                method,
                ":scheme",
                "http",
                ":authority",
                "localhost",
                ":path",
                path);
    }

    /// The head of a gRPC call, in one frame.
    ///
    /// @param more fields, each name with its value behind it
    public static byte[] call(int stream, String path, String... more) {
        String[] fields = {
            ":method", "POST",
            ":scheme", "http",
            ":path", path,
            ":authority", "localhost",
            "content-type", "application/grpc",
            "te", "trailers"
        };
        return headers(
                stream,
                false,
                Stream.concat(Stream.of(fields), Stream.of(more)).toArray(String[]::new));
    }

    /// A header block of ten kilobytes that is worth tens of megabytes: one long field that is put
    /// into the table, and then named over and over.
    public static byte[] hpackBomb(int stream) {
        var newestEntry = 62;
        var length = 3900;
        var head = new byte[] {0x40, 1, 'x', 127, (byte) ((length - 127) % 128 | 128), (byte) 29};
        var references = new byte[10_000];
        Arrays.fill(references, (byte) (0x80 | newestEntry));
        return frame(
                HEADERS,
                END_HEADERS | END_STREAM,
                stream,
                join(head, new byte[length], references));
    }

    /// Fields as HPACK literals that no table takes up.
    public static byte[] block(String... namesAndValues) {
        var block = new ByteArrayOutputStream();
        for (var i = 0; i < namesAndValues.length; i += 2) {
            block.write(0);
            string(block, namesAndValues[i]);
            string(block, namesAndValues[i + 1]);
        }
        return block.toByteArray();
    }

    private static void string(ByteArrayOutputStream block, String text) {
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        var rest = bytes.length - 127;
        block.write(Math.min(127, bytes.length));
        if (rest >= 0) {
            while (rest >= 128) {
                block.write(rest % 128 | 128);
                rest /= 128;
            }
            block.write(rest);
        }
        block.writeBytes(bytes);
    }

    public static byte[] word(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    public static byte[] join(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (var part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
