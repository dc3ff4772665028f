package dev.heddle.async;

/// How settings say what they expect.
final class Bounds {
    private Bounds() {}

    static void check(boolean valid, String key, Object value, String expected) {
        if (!valid) {
            throw new IllegalArgumentException(
                    "%s: %s (expected: %s)".formatted(key, value, expected));
        }
    }
}
