package dev.heddle.http.websocket;

import dev.heddle.rpc.Headers;

/// A request that can't become a WebSocket, to be answered by plain HTTP.
public final class HandshakeException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String text;
    private final transient Headers headers;

    HandshakeException(int status, String message, Headers headers) {
        super(message);
        this.status = status;
        this.text = message;
        this.headers = headers;
    }

    /// The HTTP status.
    public int status() {
        return status;
    }

    /// What is wrong, for the caller.
    public String message() {
        return text;
    }

    /// What goes with the answer.
    public Headers headers() {
        return headers;
    }
}
