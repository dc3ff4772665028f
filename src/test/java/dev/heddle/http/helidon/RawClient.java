package dev.heddle.http.helidon;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A client that sends what it is told, byte for byte.
public final class RawClient implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    /// A response as it came, and its body without the framing.
    public record Response(String statusLine, List<String> fields, String text) {
        public int status() {
            return Integer.parseInt(statusLine.substring(9, 12));
        }

        public Optional<String> field(String name) {
            return fields.stream()
                    .filter(f -> f.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                    .map(f -> f.substring(name.length() + 1).strip())
                    .findFirst();
        }
    }

    public RawClient(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    public RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// Sends text whose lines end as HTTP has it.
    public RawClient sendLines(String text) throws IOException {
        return send(text.replace("\n", "\r\n"));
    }

    public RawClient send(byte[] bytes) throws IOException {
        out.write(bytes);
        return this;
    }

    public Response get(String target) throws IOException {
        return send("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n").receive();
    }

    /// Whether something can be read without waiting for it.
    public boolean hasArrived() throws IOException {
        return in.available() > 0;
    }

    public Response receive() throws IOException {
        return receive(true);
    }

    /// Reads a response.
    ///
    /// @param withBody false for what answers HEAD
    public Response receive(boolean withBody) throws IOException {
        var statusLine = line();
        var fields = new ArrayList<String>();
        for (var field = line(); !field.isEmpty(); field = line()) {
            fields.add(field);
        }
        var head = new Response(statusLine, fields, "");
        var length = head.field("content-length").map(Integer::valueOf).orElse(0);
        if (!withBody) {
            return head;
        }
        var body = head.field("transfer-encoding").isPresent() ? chunks() : in.readNBytes(length);
        return new Response(statusLine, fields, new String(body, StandardCharsets.ISO_8859_1));
    }

    private byte[] chunks() throws IOException {
        var body = new ByteArrayOutputStream();
        var size = Integer.parseInt(line(), 16);
        while (size > 0) {
            body.write(in.readNBytes(size));
            line();
            size = Integer.parseInt(line(), 16);
        }
        line();
        return body.toByteArray();
    }

    public String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (var b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("after: " + line);
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    /// All that still comes before the server closes the connection.
    public String rest() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    public boolean isClosedByServer() throws IOException {
        return in.read() < 0;
    }

    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
