package dev.heddle.db;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// Digests of bytes.
public final class Digests {
    private Digests() {}

    public static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
