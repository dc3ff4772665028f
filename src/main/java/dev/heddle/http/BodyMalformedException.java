package dev.heddle.http;

import java.io.IOException;

/// The body of a request is not framed as its protocol has it.
public final class BodyMalformedException extends IOException {
    private static final long serialVersionUID = 1L;

    public BodyMalformedException(String message) {
        super(message);
    }
}
