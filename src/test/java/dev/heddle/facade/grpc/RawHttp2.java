package dev.heddle.facade.grpc;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// Just enough of HTTP/2 to make a call and then misbehave.
public final class RawHttp2 {
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int END_HEADERS = 4;

    private RawHttp2() {}

    /// Opens a connection and a stream on it that sends no message.
    public static void open(Socket socket, String path) throws IOException {
        var out = socket.getOutputStream();
        out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        out.write(frame(SETTINGS, 0, 0, new byte[0]));
        out.write(frame(HEADERS, END_HEADERS, 1, headers(path)));
        out.flush();
    }

    /// A frame with its header.
    public static byte[] frame(int type, int flags, int stream, byte[] payload) {
        var frame = new ByteArrayOutputStream();
        frame.write(payload.length >> 16);
        frame.write(payload.length >> 8);
        frame.write(payload.length);
        frame.write(type);
        frame.write(flags);
        frame.write(0);
        frame.write(0);
        frame.write(stream >> 8);
        frame.write(stream);
        frame.writeBytes(payload);
        return frame.toByteArray();
    }

    /// The fields as HPACK literals that are not indexed.
    private static byte[] headers(String path) {
        var block = new ByteArrayOutputStream();
        // :method POST and :scheme http, from the static table
        block.write(0x83);
        block.write(0x86);
        // the name spelled out, as gRPC's C core does
        block.write(0x40);
        string(block, ":path");
        string(block, path);
        block.write(0x01);
        string(block, "localhost");
        block.write(0x00);
        string(block, "content-type");
        string(block, "application/grpc");
        block.write(0x00);
        string(block, "te");
        string(block, "trailers");
        return block.toByteArray();
    }

    private static void string(ByteArrayOutputStream block, String text) {
        block.write(text.length());
        block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
