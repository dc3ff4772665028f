package dev.heddle.http.websocket;

import java.nio.charset.StandardCharsets;

/// A whole message. Its bytes are not to be changed.
public final class WebSocketMessage {
    private final boolean isText;
    private final byte[] bytes;

    private WebSocketMessage(boolean isText, byte[] bytes) {
        this.isText = isText;
        this.bytes = bytes;
    }

    /// A text.
    ///
    /// @param utf8 which must be well-formed
    public static WebSocketMessage text(byte[] utf8) {
        return new WebSocketMessage(true, utf8);
    }

    public static WebSocketMessage text(String text) {
        return text(text.getBytes(StandardCharsets.UTF_8));
    }

    public static WebSocketMessage binary(byte[] bytes) {
        return new WebSocketMessage(false, bytes);
    }

    public boolean isText() {
        return isText;
    }

    /// The content, of a text in UTF-8.
    public byte[] bytes() {
        return bytes;
    }
}
