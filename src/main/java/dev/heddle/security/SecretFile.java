package dev.heddle.security;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.function.Supplier;

/// A secret that is made once and kept in a file that its owner alone can read.
public final class SecretFile {
    /// The length of a secret, in bytes.
    public static final int LENGTH = 32;

    private SecretFile() {}

    /// The random bytes in a file, which is made if it isn't there. Two processes that make it at
    /// once get the same ones.
    ///
    /// @throws IOException if the file can't be read or made, or holds something else
    public static byte[] load(Path file) throws IOException {
        return decode(file, load(file, SecretFile::random));
    }

    /// The text in a file, which is made if it isn't there. Two processes that make it at once get
    /// the same one.
    ///
    /// @throws IOException if the file can't be read or made
    static String load(Path file, Supplier<String> making) throws IOException {
        if (!Files.exists(file)) {
            create(file, making.get());
        }
        return Files.readString(file).strip();
    }

    private static String random() {
        var secret = new byte[LENGTH];
        new SecureRandom().nextBytes(secret);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    }

    private static void create(Path file, String secret) throws IOException {
        var folder = file.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        var draft = Files.createTempFile(folder, ".secret", "", ownerOnly(file));
        try {
            Files.writeString(draft, secret);
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException e) {
            // another process was first: its secret is the one
        } catch (UnsupportedOperationException e) {
            moveInto(draft, file);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static void moveInto(Path draft, Path file) throws IOException {
        try {
            Files.move(draft, file);
        } catch (FileAlreadyExistsException | AtomicMoveNotSupportedException e) {
            if (!Files.exists(file)) {
                throw e;
            }
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static byte[] decode(Path file, String text) throws IOException {
        try {
            var secret = Base64.getUrlDecoder().decode(text);
            if (secret.length == LENGTH) {
                return secret;
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "%s: not base64 (expected: %d bytes in base64url)".formatted(file, LENGTH), e);
        }
        throw new IOException(
                "%s: %d characters (expected: %d bytes in base64url)"
                        .formatted(file, text.length(), LENGTH));
    }
}
