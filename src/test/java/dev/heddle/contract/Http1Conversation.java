package dev.heddle.contract;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/// A conversation over HTTP/1.1: chunks both ways.
final class Http1Conversation implements Conversation {
    private final Socket socket;
    private final DataInputStream in;
    private final Function<String, byte[]> requests;
    private final StringBuilder heard = new StringBuilder();
    private boolean hasHead;
    private boolean isOver;

    /// @param requests how a request is written
    Http1Conversation(
            int port, String path, String type, String accept, Function<String, byte[]> requests)
            throws IOException {
        this.requests = requests;
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(socket.getInputStream());
        var head =
                """
                POST %s HTTP/1.1\r
                host: localhost\r
                content-type: %s\r
                accept: %s\r
                transfer-encoding: chunked\r
                \r
                """
                        .formatted(path, type, accept);
        socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void say(String message) throws IOException {
        var request = requests.apply(message);
        var size = Integer.toHexString(request.length) + "\r\n";
        var text = size + new String(request, StandardCharsets.ISO_8859_1) + "\r\n";
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public void endRequests() throws IOException {
        socket.getOutputStream().write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public String hear(String awaited) throws IOException {
        while (heard.indexOf(awaited) < 0) {
            if (isOver) {
                throw new EOFException("the answer is over: " + heard);
            }
            readChunk();
        }
        return heard.toString();
    }

    @Override
    public String hearOut() throws IOException {
        while (!isOver) {
            readChunk();
        }
        return heard.toString();
    }

    private void readChunk() throws IOException {
        if (!hasHead) {
            hasHead = true;
            readHead();
        }
        if (isOver) {
            return;
        }
        var size = Integer.parseInt(line(), 16);
        heard.append(new String(in.readNBytes(size), StandardCharsets.ISO_8859_1));
        line();
        isOver = size == 0;
    }

    private void readHead() throws IOException {
        var length = -1;
        for (var line = line(); !line.isEmpty(); line = line()) {
            if (line.startsWith("content-length: ")) {
                length = Integer.parseInt(line.substring("content-length: ".length()));
            }
        }
        if (length >= 0) {
            heard.append(new String(in.readNBytes(length), StandardCharsets.ISO_8859_1));
            isOver = true;
        }
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (var next = in.readUnsignedByte(); next != '\n'; next = in.readUnsignedByte()) {
            line.append((char) next);
        }
        return line.substring(0, line.length() - 1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
