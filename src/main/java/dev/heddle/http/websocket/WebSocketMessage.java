package dev.heddle.http.websocket;

import java.nio.charset.StandardCharsets;

/// A whole message. Its bytes are not to be changed.
public final class WebSocketMessage {
    private final boolean isText;
    private final byte[] bytes;
    private final Packing packing;

    /// What was done about compression.
    private enum Packing {
        UNDECIDED,
        PLAIN,
        COMPRESSED
    }

    private WebSocketMessage(boolean isText, byte[] bytes, Packing packing) {
        this.isText = isText;
        this.bytes = bytes;
        this.packing = packing;
    }

    /// A text.
    ///
    /// @param utf8 which must be well-formed
    public static WebSocketMessage text(byte[] utf8) {
        return new WebSocketMessage(true, utf8, Packing.UNDECIDED);
    }

    public static WebSocketMessage text(String text) {
        return text(text.getBytes(StandardCharsets.UTF_8));
    }

    public static WebSocketMessage binary(byte[] bytes) {
        return new WebSocketMessage(false, bytes, Packing.UNDECIDED);
    }

    /// The same message as it goes to sockets, so that what is sent to many of them is compressed
    /// once. It is for sending alone.
    ///
    /// @param compresses as the sockets have agreed on, see [WebSocket#compresses]
    public WebSocketMessage packed(boolean compresses) {
        if (packing != Packing.UNDECIDED) {
            return this;
        }
        if (compresses && bytes.length >= Deflation.MIN_SIZE) {
            var deflated = Deflation.deflate(bytes);
            if (deflated.length < bytes.length) {
                return new WebSocketMessage(isText, deflated, Packing.COMPRESSED);
            }
        }
        return new WebSocketMessage(isText, bytes, Packing.PLAIN);
    }

    public boolean isText() {
        return isText;
    }

    /// The content, of a text in UTF-8; of a message that is [#packed] as it is sent.
    public byte[] bytes() {
        return bytes;
    }

    boolean isCompressed() {
        return packing == Packing.COMPRESSED;
    }
}
