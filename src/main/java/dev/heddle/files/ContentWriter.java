package dev.heddle.files;

import com.google.protobuf.ByteString;
import dev.heddle.db.Database;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import io.helidon.dbclient.DbExecute;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;

/// Writes the bytes of one upload, a chunk at a time, each in a transaction of its own: an upload
/// may take hours, and must hold neither a connection nor the horizon of PostgreSQL's vacuum for so
/// long. Until a file adopts them the chunks are those of an orphan. An upload that fails has them
/// removed at once; those of a gateway that was killed go when they are due.
///
/// The last chunk waits for the transaction of the file. So a file of one chunk is written in one
/// transaction, and has never been an orphan.
final class ContentWriter implements AutoCloseable {
    private final Database database;
    private final ContentStore store;
    private final String id;
    private final Duration timeout;
    private final ProgressWatch watch;
    private final MessageDigest digest = sha256();
    private final byte[] chunk = new byte[ContentStore.CHUNK_SIZE];
    private int filled;
    private int chunks;
    private long size;

    /// What was written.
    ///
    /// @param sha256 in hexadecimal
    record Written(long size, String sha256) {}

    /// @param id of the file to be
    /// @param timeout how long it may take from one chunk to the next
    /// @param giveUp has the wait for more bytes end, when it took longer
    ContentWriter(
            Database database, ContentStore store, String id, Duration timeout, Runnable giveUp) {
        this.database = database;
        this.store = store;
        this.id = id;
        this.timeout = timeout;
        this.watch = ProgressWatch.start(timeout, giveUp);
    }

    String id() {
        return id;
    }

    /// How many bytes have come.
    long size() {
        return size;
    }

    /// Whether there is an orphan.
    boolean hasBegun() {
        return chunks > 0;
    }

    void write(ByteString data) {
        size += data.size();
        for (var bytes : data.asReadOnlyByteBufferList()) {
            digest.update(bytes.duplicate());
            while (bytes.hasRemaining()) {
                if (filled == chunk.length) {
                    flush();
                }
                var count = Math.min(bytes.remaining(), chunk.length - filled);
                bytes.get(chunk, filled, count);
                filled += count;
            }
        }
    }

    /// Says what was written; nothing may be written any more.
    Written end() {
        return new Written(size, HexFormat.of().formatHex(digest.digest()));
    }

    /// Gives the bytes to their file, in the file's transaction.
    void handOver(DbExecute db) {
        if (hasBegun() && !store.adopt(db, id)) {
            throw timedOut();
        }
        if (filled > 0) {
            store.finish(db, id, chunks, Arrays.copyOf(chunk, filled));
        }
    }

    private void flush() {
        var isWritten =
                database.plain(db -> {
                    if (chunks > 0) {
                        return store.append(db, id, chunks, chunk, timeout);
                    }
                    store.begin(db, id, chunk, timeout);
                    return true;
                });
        if (!isWritten) {
            throw timedOut();
        }
        chunks++;
        filled = 0;
        watch.progress();
    }

    /// Whether it took too long.
    boolean hasTimedOut() {
        return watch.hasFired();
    }

    @Override
    public void close() {
        watch.close();
    }

    /// What its caller gets to see then.
    RpcException timedOut() {
        return new RpcException(
                        Code.ABORTED,
                        "the upload was given up (expected: %d bytes within %s)"
                                .formatted(ContentStore.CHUNK_SIZE, timeout))
                .withReason("UPLOAD_TIMED_OUT");
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
