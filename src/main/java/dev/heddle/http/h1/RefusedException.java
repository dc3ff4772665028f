package dev.heddle.http.h1;

import dev.heddle.http.carrier.ErrorBody;

/// A request that is answered before any handler sees it, and ends its connection.
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    /// @param status the HTTP status
    /// @param message what is wrong, without anything that the peer sent
    RefusedException(int status, String message) {
        super(message);
        this.status = status;
    }

    static RefusedException malformed(String message) {
        return new RefusedException(400, message);
    }

    int status() {
        return status;
    }

    ErrorBody body() {
        return new ErrorBody(status, getMessage());
    }
}
