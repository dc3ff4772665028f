package dev.heddle.http;

import java.io.IOException;
import java.time.Duration;

/// The body of a request did not arrive in time.
public final class BodyTimeoutException extends IOException {
    private static final long serialVersionUID = 1L;

    /// @param timeout the time without a byte
    public BodyTimeoutException(Duration timeout) {
        this("no byte of the request body within %d ms".formatted(timeout.toMillis()));
    }

    private BodyTimeoutException(String message) {
        super(message);
    }

    /// That of a body which comes in crumbs.
    ///
    /// @param rate how many bytes a second are expected
    public static BodyTimeoutException tooSlow(int rate) {
        return new BodyTimeoutException(
                "the request body comes too slowly (expected: >= %d bytes a second)"
                        .formatted(rate));
    }
}
