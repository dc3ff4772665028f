package dev.heddle.http.websocket;

/// Whether a text that comes in pieces, cut anywhere, is UTF-8 (RFC 3629): without surrogates,
/// overlong forms and what is beyond U+10FFFF.
final class Utf8Check {
    private static final int LEAST = 0x80;
    private static final int MOST = 0xbf;

    private int pending;
    // What the next byte may be; narrower behind some first bytes.
    private int least = LEAST;
    private int most = MOST;

    /// Takes a piece.
    ///
    /// @return whether the text can still be UTF-8
    boolean accept(byte[] piece, int length) {
        for (var i = 0; i < length; i++) {
            var b = piece[i] & 0xff;
            if (pending > 0) {
                if (b < least || b > most) {
                    return false;
                }
                least = LEAST;
                most = MOST;
                pending--;
            } else if (b >= LEAST && !begin(b)) {
                return false;
            }
        }
        return true;
    }

    /// Whether no character lacks a byte.
    boolean isComplete() {
        return pending == 0;
    }

    private boolean begin(int b) {
        if (b < 0xc2 || b > 0xf4) {
            return false;
        }
        switch (b) {
            case 0xe0 -> least = 0xa0;
            case 0xed -> most = 0x9f;
            case 0xf0 -> least = 0x90;
            case 0xf4 -> most = 0x8f;
            default -> {}
        }
        pending = b < 0xe0 ? 1 : b < 0xf0 ? 2 : 3;
        return true;
    }
}
