package dev.heddle.http.websocket;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Puts the frames of messages together: decompresses them, checks that text is UTF-8 and that no
/// message is too long, all as soon as it can be known.
final class MessageAssembly implements AutoCloseable {
    private final int maxSize;
    private final byte[] piece = new byte[8 * 1024];
    private ByteArrayOutputStream content = new ByteArrayOutputStream();
    private Utf8Check utf8 = new Utf8Check();
    private boolean isOpen;
    private boolean isText;
    private long received;
    private @Nullable Inflation inflation;

    MessageAssembly(int maxSize) {
        this.maxSize = maxSize;
    }

    /// Reads the payload of a data frame.
    void take(FrameHeader header, FrameReader frames) throws IOException {
        begin(header);
        received += header.length();
        if (received > maxSize) {
            throw WebSocketException.tooBig(maxSize);
        }
        for (var count = frames.payload(piece); count > 0; count = frames.payload(piece)) {
            if (inflation == null) {
                add(piece, count);
            } else {
                inflation.inflate(piece, count);
            }
        }
    }

    /// The message whose last frame was taken.
    WebSocketMessage end() throws IOException {
        if (inflation != null) {
            inflation.end();
            close();
        }
        if (isText && !utf8.isComplete()) {
            throw WebSocketException.invalidText();
        }
        isOpen = false;
        var bytes = content.toByteArray();
        content = new ByteArrayOutputStream();
        return isText ? WebSocketMessage.text(bytes) : WebSocketMessage.binary(bytes);
    }

    /// Frees what an unfinished message holds.
    @Override
    public void close() {
        if (inflation != null) {
            inflation.close();
            inflation = null;
        }
    }

    private void begin(FrameHeader header) throws WebSocketException {
        var continues = header.opcode() == Opcode.CONTINUATION;
        if (continues != isOpen) {
            throw WebSocketException.protocolError(
                    continues
                            ? "a continuation of no message"
                            : "a message begins before the last has ended");
        }
        if (continues) {
            return;
        }
        isOpen = true;
        isText = header.opcode() == Opcode.TEXT;
        utf8 = new Utf8Check();
        received = 0;
        inflation = header.isCompressed() ? new Inflation(this::add) : null;
    }

    private void add(byte[] bytes, int length) throws WebSocketException {
        if (content.size() + length > maxSize) {
            throw WebSocketException.tooBig(maxSize);
        }
        if (isText && !utf8.accept(bytes, length)) {
            throw WebSocketException.invalidText();
        }
        content.write(bytes, 0, length);
    }
}
