package dev.heddle.http.websocket;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A WebSocket client that sends what it is told, byte for byte, and reads no more than it is asked
/// to.
public final class RawWebSocket implements AutoCloseable {
    public static final int FINAL = 0x80;
    public static final int RSV1 = 0x40;
    public static final int CONTINUATION = 0;
    public static final int TEXT = 1;
    public static final int BINARY = 2;
    public static final int CLOSE = 8;
    public static final int PING = 9;
    public static final int PONG = 10;

    private static final byte[] MASK = {0x12, (byte) 0xfe, 0x55, 0x07};

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    /// A frame as it came.
    ///
    /// @param first its first byte: flags and opcode
    public record Frame(int first, String bytes) {
        /// A payload of bytes, one character each.
        public byte[] payload() {
            return bytes.getBytes(StandardCharsets.ISO_8859_1);
        }

        public String text() {
            return new String(payload(), StandardCharsets.UTF_8);
        }

        /// The code of a close frame, 1005 where it has none.
        public int closeCode() {
            return bytes.isEmpty() ? 1005 : ByteBuffer.wrap(payload()).getShort() & 0xffff;
        }
    }

    public RawWebSocket(int port) throws IOException {
        socket = new Socket();
        // small, so that a client that doesn't read is soon felt
        socket.setReceiveBufferSize(16 * 1024);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /// A socket whose handshake is done.
    public static RawWebSocket open(int port, String target, String... fields) throws IOException {
        var socket = new RawWebSocket(port);
        var answer = socket.shakeHands(target, fields);
        if (!answer.getFirst().startsWith("HTTP/1.1 101")) {
            throw new IOException(answer.toString());
        }
        return socket;
    }

    /// The request of a handshake.
    public static byte[] handshake(String target, String... fields) {
        var head =
                """
                GET %s HTTP/1.1
                Host: localhost
                Connection: keep-alive, Upgrade
                Upgrade: websocket
                Sec-WebSocket-Version: 13
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
                """
                                .formatted(target)
                        + String.join("\n", fields)
                        + (fields.length == 0 ? "\n" : "\n\n");
        return head.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Sends the request and reads the head of the answer, the names of its fields in lower case.
    public List<String> shakeHands(String target, String... fields) throws IOException {
        return send(handshake(target, fields)).readHead();
    }

    public List<String> readHead() throws IOException {
        var lines = new ArrayList<String>();
        for (var line = line(); !line.isEmpty(); line = line()) {
            var colon = line.indexOf(':');
            lines.add(
                    colon < 0 || lines.isEmpty()
                            ? line
                            : line.substring(0, colon).toLowerCase(Locale.ROOT)
                                    + line.substring(colon));
        }
        return lines;
    }

    /// Reads a body.
    public String read(int length) throws IOException {
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (var c = in.readUnsignedByte(); c != '\n'; c = in.readUnsignedByte()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    public RawWebSocket send(byte[] bytes) throws IOException {
        out.write(bytes);
        return this;
    }

    /// Sends a masked frame.
    ///
    /// @param first flags and opcode
    public RawWebSocket send(int first, byte[] payload) throws IOException {
        return send(frame(first, payload));
    }

    public RawWebSocket send(int first, String text) throws IOException {
        return send(first, text.getBytes(StandardCharsets.UTF_8));
    }

    /// Sends a whole text.
    public RawWebSocket send(String text) throws IOException {
        return send(FINAL | TEXT, text);
    }

    public RawWebSocket close(int code) throws IOException {
        return send(FINAL | CLOSE, new byte[] {(byte) (code >> 8), (byte) code});
    }

    /// A masked frame, its length in the shortest form.
    public static byte[] frame(int first, byte[] payload) {
        var size = payload.length < 126 ? 0 : payload.length < 65_536 ? 2 : 8;
        return frame(first, size, payload.length, payload);
    }

    /// A masked frame.
    ///
    /// @param lengthSize how many bytes the length takes, beyond the 7 bits
    public static byte[] frame(int first, int lengthSize, long length, byte[] payload) {
        var frame = new ByteArrayOutputStream();
        frame.write(first);
        frame.write(0x80 | (lengthSize == 0 ? (int) length : lengthSize == 2 ? 126 : 127));
        for (var i = lengthSize - 1; i >= 0; i--) {
            frame.write((int) (length >> (8 * i)));
        }
        frame.writeBytes(MASK);
        for (var i = 0; i < payload.length; i++) {
            frame.write(payload[i] ^ MASK[i % MASK.length]);
        }
        return frame.toByteArray();
    }

    public Frame receive() throws IOException {
        var first = in.readUnsignedByte();
        var length = (long) in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        return new Frame(
                first,
                new String(in.readNBytes(Math.toIntExact(length)), StandardCharsets.ISO_8859_1));
    }

    /// Reads a whole message that is text and not compressed.
    public String receiveText() throws IOException {
        var text = new ByteArrayOutputStream();
        Frame frame;
        do {
            frame = receive();
            if ((frame.first() & 0x0f) > BINARY) {
                throw new IOException("a control frame: " + frame);
            }
            text.writeBytes(frame.payload());
        } while ((frame.first() & FINAL) == 0);
        return text.toString(StandardCharsets.UTF_8);
    }

    /// Whether nothing comes within a while.
    public boolean isSilentFor(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            in.read();
            return false;
        } catch (SocketTimeoutException _) {
            return true;
        } finally {
            socket.setSoTimeout(20_000);
        }
    }

    public boolean isClosedByServer() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException _) {
            // the server did not read all before it closed
            return true;
        }
    }

    /// Resets the connection.
    public void cut() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
