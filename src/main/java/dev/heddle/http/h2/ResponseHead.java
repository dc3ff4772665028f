package dev.heddle.http.h2;

import dev.heddle.http.carrier.Characters;
import dev.heddle.rpc.Headers;

/// What comes before the body of a response.
///
/// @param length what goes into `content-length`, [#UNKNOWN] for none
record ResponseHead(int status, Headers headers, long length) {
    static final long UNKNOWN = -1;

    private static final ResponseHead CONTINUE = new ResponseHead(100, Headers.empty(), UNKNOWN);

    ResponseHead {
        if (status < 100 || status > 999) {
            throw new IllegalArgumentException(
                    "status: %d (expected: 100 to 999)".formatted(status));
        }
        headers.forEach(ResponseHead::check);
    }

    /// Tells the peer to send the body.
    static ResponseHead interim() {
        return CONTINUE;
    }

    /// Whether a body can follow.
    boolean mayHaveBody() {
        return status != 204 && status != 205 && status != 304;
    }

    /// @throws IllegalArgumentException if a field can't be sent
    static void check(String name, String value) {
        if (!Characters.isToken(name) || !Characters.isFieldValue(value)) {
            throw new IllegalArgumentException(
                    "header %s: can't be sent (expected: a token, and a value without controls)"
                            .formatted(name));
        }
    }
}
