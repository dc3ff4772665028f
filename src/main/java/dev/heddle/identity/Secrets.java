package dev.heddle.identity;

import dev.heddle.db.Digests;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/// Secrets of 32 random bytes, as text. The database has their digests alone; there is nothing to
/// guess that would call for a slow one.
final class Secrets {
    private static final int SIZE = 32;
    private static final int LENGTH = 43;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Secrets() {}

    static String next() {
        var bytes = new byte[SIZE];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// Whether a text may be one of them, behind a prefix.
    static boolean isSecret(String text, String prefix) {
        return text.length() == prefix.length() + LENGTH && text.startsWith(prefix);
    }

    static byte[] digest(String secret) {
        return Digests.sha256(secret.getBytes(StandardCharsets.UTF_8));
    }
}
