package dev.heddle.http.h2;

/// What the peer did wrong, so that the connection can't go on: it ends with GOAWAY.
final class ConnectionException extends Exception {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    ConnectionException(ErrorCode code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    ErrorCode code() {
        return code;
    }
}
