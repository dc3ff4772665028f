package dev.heddle.http;

import java.io.InterruptedIOException;

/// Nobody is to wait for the body of a request any more; see [Exchange#releaseBody].
public final class BodyReleasedException extends InterruptedIOException {
    private static final long serialVersionUID = 1L;

    public BodyReleasedException() {
        super("no more waiting for the request");
    }
}
