package dev.heddle.http.websocket;

import java.io.IOException;

/// A peer that broke the protocol or one of the bounds. Nothing more can be received from it; it
/// can still be told, and is then to be closed with [#status].
public final class WebSocketException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient CloseStatus status;

    private WebSocketException(int code, String message) {
        super(message);
        this.status = new CloseStatus(code, message);
    }

    static WebSocketException protocolError(String message) {
        return new WebSocketException(CloseStatus.PROTOCOL_ERROR, message);
    }

    static WebSocketException invalidText() {
        return new WebSocketException(CloseStatus.INVALID_DATA, "text that is not UTF-8");
    }

    static WebSocketException malformedCompression() {
        return new WebSocketException(
                CloseStatus.INVALID_DATA, "a compressed message that can't be decompressed");
    }

    static WebSocketException tooBig(int maxSize) {
        return new WebSocketException(
                CloseStatus.TOO_BIG,
                "a message is too long (expected: at most %d bytes, websocket.max-message-size)"
                        .formatted(maxSize));
    }

    static WebSocketException tooMany(int perSecond) {
        return new WebSocketException(
                CloseStatus.POLICY_VIOLATION,
                "too many frames that carry nothing (expected: at most %d a second)"
                        .formatted(perSecond));
    }

    /// What to close the socket with.
    public CloseStatus status() {
        return status;
    }
}
