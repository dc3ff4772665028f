package dev.heddle.http.h1;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.HelidonSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;

/// Writes to a connection, and knows for how long a write has been going on.
final class ConnectionOutput {
    /// What counts as progress: large arrays go out in pieces of this size.
    private static final int PIECE = 64 * 1024;

    private static final long NOT_WRITING = 0;

    private final HelidonSocket socket;
    private final Runnable onFailure;
    private volatile long writingSince = NOT_WRITING;

    /// @param onFailure told that the peer can't be written to any more
    ConnectionOutput(HelidonSocket socket, Runnable onFailure) {
        this.socket = socket;
        this.onFailure = onFailure;
    }

    /// Blocks until the operating system has taken all.
    void write(byte[] bytes, int offset, int length) throws IOException {
        for (var done = 0; done < length; done += PIECE) {
            writePiece(bytes, offset + done, Math.min(PIECE, length - done));
        }
    }

    void write(byte[] bytes) throws IOException {
        write(bytes, 0, bytes.length);
    }

    /// Writes one array and a part of another, in one piece if they are small.
    void write(byte[] first, byte[] second, int offset, int length) throws IOException {
        var joined = Math.min(length, Math.max(0, PIECE - first.length));
        var piece = Arrays.copyOf(first, first.length + joined);
        System.arraycopy(second, offset, piece, first.length, joined);
        write(piece);
        write(second, offset + joined, length - joined);
    }

    boolean isStalled(long now, Duration timeout) {
        var since = writingSince;
        return since != NOT_WRITING && now - since > timeout.toNanos();
    }

    private void writePiece(byte[] bytes, int offset, int length) throws IOException {
        writingSince = System.nanoTime() | 1;
        try {
            socket.write(BufferData.createReadOnly(bytes, offset, length));
        } catch (UncheckedIOException e) {
            onFailure.run();
            throw e.getCause();
        } finally {
            writingSince = NOT_WRITING;
        }
    }
}
