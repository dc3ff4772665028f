package dev.heddle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A secret in a file, as Docker and Kubernetes hand them out.
final class SecretText {
    private static final int MAX_BYTES = 64 * 1024;

    private SecretText() {}

    /// @param key the key that names the file
    static String read(String key, Path file) {
        try (var in = Files.newInputStream(file)) {
            var bytes = in.readNBytes(MAX_BYTES + 1);
            var text = new String(bytes, StandardCharsets.UTF_8).replaceFirst("\\R\\z", "");
            if (text.isEmpty() || bytes.length > MAX_BYTES || text.lines().count() > 1) {
                throw new Configuration.InvalidException(
                        "%s: %s has %d bytes or more in %d lines (expected: one line of at most %d bytes)"
                                .formatted(
                                        key, file, bytes.length, text.lines().count(), MAX_BYTES));
            }
            return text;
        } catch (IOException e) {
            throw new Configuration.InvalidException(
                    "%s: %s can't be read (expected: a file with the secret): %s"
                            .formatted(key, file, e.getClass().getSimpleName()));
        }
    }
}
