package dev.heddle.bench.http2;

/// A server did not answer as it must: what it achieves doesn't count.
final class FailedException extends Exception {
    private static final long serialVersionUID = 1L;

    FailedException(String message) {
        super(message);
    }

    FailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
