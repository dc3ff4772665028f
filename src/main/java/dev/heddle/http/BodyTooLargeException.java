package dev.heddle.http;

import java.io.IOException;

/// The body of a request is larger than the carrier takes.
public final class BodyTooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    /// @param maxBytes the bound, in bytes
    public BodyTooLargeException(long maxBytes) {
        super("request body of more than %d bytes (expected: <= %d)".formatted(maxBytes, maxBytes));
    }
}
