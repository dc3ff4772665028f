package dev.heddle.http.websocket;

import java.util.Optional;

/// What a frame is (RFC 6455, section 5.2).
enum Opcode {
    CONTINUATION(0x0),
    TEXT(0x1),
    BINARY(0x2),
    CLOSE(0x8),
    PING(0x9),
    PONG(0xA);

    private final int code;

    Opcode(int code) {
        this.code = code;
    }

    /// Empty for a code that is reserved.
    static Optional<Opcode> of(int code) {
        for (var opcode : values()) {
            if (opcode.code == code) {
                return Optional.of(opcode);
            }
        }
        return Optional.empty();
    }

    int code() {
        return code;
    }

    boolean isControl() {
        return code >= CLOSE.code;
    }
}
