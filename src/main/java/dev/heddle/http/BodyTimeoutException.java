package dev.heddle.http;

import java.io.IOException;
import java.time.Duration;

/// The body of a request did not arrive in time.
public final class BodyTimeoutException extends IOException {
    private static final long serialVersionUID = 1L;

    /// @param timeout the time without a byte
    public BodyTimeoutException(Duration timeout) {
        super("no byte of the request body within %d ms".formatted(timeout.toMillis()));
    }
}
