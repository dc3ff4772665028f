package dev.heddle;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.StreamHandler;

/// Appends the lines of the audit log to a file that its owner alone can read, each at once.
/// Whoever rotates it copies and truncates it.
final class AuditFile extends StreamHandler {
    private static final String OWNER_ONLY = "rw-------";

    private AuditFile(OutputStream out) {
        super(out, new Line());
        setLevel(Level.ALL);
    }

    /// @throws Configuration.InvalidException if the file can't be written
    static AuditFile open(Path file) {
        try {
            var isPosix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
            var ownerOnly = PosixFilePermissions.fromString(OWNER_ONLY);
            var attributes =
                    isPosix
                            ? new FileAttribute<?>[] {
                                PosixFilePermissions.asFileAttribute(ownerOnly)
                            }
                            : new FileAttribute<?>[0];
            var channel =
                    Files.newByteChannel(
                            file,
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                            attributes);
            if (isPosix) {
                Files.setPosixFilePermissions(file, ownerOnly);
            }
            return new AuditFile(Channels.newOutputStream(channel));
        } catch (IOException e) {
            throw new Configuration.InvalidException(
                    "log.audit-file: %s can't be written (expected: a file in a folder that exists): %s"
                            .formatted(file, e.getClass().getSimpleName()));
        }
    }

    @Override
    public synchronized void publish(LogRecord logged) {
        super.publish(logged);
        flush();
    }

    private static final class Line extends Formatter {
        @Override
        public String format(LogRecord logged) {
            return logged.getMessage() + "\n";
        }
    }
}
