package dev.heddle.db.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is done to files and directories, on file systems with POSIX permissions and others.
final class Directories {
    private Directories() {}

    /// Creates a directory, and those above that are missing, that every user may read whatever the
    /// process's umask says: PostgreSQL may run as another user.
    static void createReadable(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        createReadable(parent(directory));
        Files.createDirectory(directory);
        makeReadable(directory, true);
    }

    static void makeReadable(Path path, boolean executable) throws IOException {
        setPermissions(path, executable ? "rwxr-xr-x" : "rw-r--r--");
    }

    static void setPermissions(Path path, String permissions) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        }
    }

    /// Deletes a directory and all that is in it, if it exists.
    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(
                directory,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path visited, @Nullable IOException failure) throws IOException {
                        if (failure != null) {
                            throw failure;
                        }
                        Files.delete(visited);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    /// The directory that a path is in; the root is in itself.
    static Path parent(Path path) {
        var parent = path.getParent();
        return parent == null ? path : parent;
    }

    /// Renames at once, and makes it survive a loss of power where the system can.
    static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        if (Account.isUnix()) {
            try (var directory = FileChannel.open(parent(to), StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }

    /// The content of a file, unless there is none.
    static Optional<String> read(Path file) throws IOException {
        try {
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
