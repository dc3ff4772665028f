package dev.heddle.db.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Keeps a second Heddle off a data directory. The kernel holds the lock and releases it however
/// its holder dies, so a lock never goes stale.
final class DirectoryLock implements AutoCloseable {
    // A lock belongs to the process, and closing any channel on the file releases it: within the
    // process the file may not even be opened twice.
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    // Far behind the text, since on Windows nobody else can read what is locked.
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    private final Path directory;
    private final FileChannel channel;

    private DirectoryLock(Path directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /// @param directory the real path of the directory
    /// @throws EmbeddedPostgresException if it is locked already; the message names the holder
    static DirectoryLock acquire(Path directory) throws IOException {
        if (!HELD_HERE.add(directory)) {
            throw locked(directory, Long.toString(ProcessHandle.current().pid()));
        }
        try {
            return acquireFromOthers(directory);
        } catch (Throwable e) {
            HELD_HERE.remove(directory);
            throw e;
        }
    }

    private static DirectoryLock acquireFromOthers(Path directory) throws IOException {
        var file = directory.resolve("lock");
        var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock(LOCKED_BYTE, 1, false) == null) {
                throw locked(directory, Files.readString(file).strip());
            }
            var pid = Long.toString(ProcessHandle.current().pid());
            channel.truncate(0).write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
            return new DirectoryLock(directory, channel);
        } catch (Throwable e) {
            channel.close();
            throw e;
        }
    }

    private static EmbeddedPostgresException locked(Path directory, String pid) {
        return new EmbeddedPostgresException(
                "%s is in use by another Heddle, process %s (expected: one Heddle a data directory)"
                        .formatted(directory, pid));
    }

    /// Releases the lock. The file stays: deleting it would let two others each lock their own.
    @Override
    public void close() throws IOException {
        channel.close();
        HELD_HERE.remove(directory);
    }
}
