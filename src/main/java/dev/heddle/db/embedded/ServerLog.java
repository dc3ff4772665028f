package dev.heddle.db.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Collectors;

/// The file that PostgreSQL logs into. It holds no statements, only what the server does, and
/// begins anew at the start that finds it long; the one before is kept.
///
/// @param path where it is
record ServerLog(Path path) {
    private static final long MAX_BYTES = 1 << 20;
    private static final int TAIL_LINES = 20;

    /// Makes sure that the account can write it.
    void prepare(Account account) throws IOException {
        if (Files.exists(path) && Files.size(path) > MAX_BYTES) {
            var previous = path.resolveSibling(path.getFileName() + ".1");
            Files.move(path, previous, StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Files.exists(path)) {
            Files.createFile(path);
            Directories.setPermissions(path, "rw-------");
        }
        account.own(path);
    }

    long size() throws IOException {
        return Files.size(path);
    }

    /// The last lines of what was written since it had a size.
    String tail(long since) throws IOException {
        try (var channel = Files.newByteChannel(path)) {
            var start = Math.max(since, channel.size() - MAX_BYTES);
            var bytes = ByteBuffer.allocate((int) (channel.size() - start));
            channel.position(start).read(bytes);
            var lines =
                    new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8)
                            .lines()
                            .toList();
            return lines.stream()
                    .skip(Math.max(0, lines.size() - TAIL_LINES))
                    .collect(Collectors.joining("\n"));
        }
    }
}
