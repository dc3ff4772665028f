package dev.heddle.files;

import com.google.protobuf.ByteString;
import dev.heddle.content.ContentFailures;
import dev.heddle.db.Database;
import dev.heddle.db.Etags;
import dev.heddle.db.Times;
import dev.heddle.files.v1.File;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import java.time.Clock;
import java.time.Duration;

/// A file that is being written, by one thread and in constant memory. It is there when it is
/// [kept][#keep], all at once; what is closed before leaves nothing behind.
public final class FileDraft implements AutoCloseable {
    /// How long it may take to have the bytes of a draft removed.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Desk desk;
    private final Announcement announcement;
    private final ContentWriter writer;
    private final String owner;
    private boolean isKept;

    /// What drafts are written with.
    record Desk(
            Database database,
            FileStore files,
            ContentStore contents,
            FileEvents events,
            Settings settings,
            Clock clock) {}

    FileDraft(Desk desk, Announcement announcement, ContentWriter writer, String owner) {
        this.desk = desk;
        this.announcement = announcement;
        this.writer = writer;
        this.owner = owner;
    }

    /// Writes more bytes; not within a transaction.
    ///
    /// @throws RpcException RESOURCE_EXHAUSTED, reason [ContentFailures#TOO_LARGE]; ABORTED where
    ///   the bytes before have been given up, because it took too long
    public void write(ByteString data) {
        if (writer.size() + data.size() > desk.settings().maxSize()) {
            throw ContentFailures.tooLarge(desk.settings().maxSize());
        }
        writer.write(data);
    }

    /// Makes a file of it; nothing may be written any more.
    ///
    /// @throws RpcException ABORTED as above
    public File keep() {
        var written = writer.end();
        var kept =
                desk.database()
                        .transaction(db -> {
                            writer.handOver(db);
                            var file =
                                    announcement.file(
                                            writer.id(),
                                            written,
                                            owner,
                                            Times.now(desk.clock()),
                                            Etags.FIRST);
                            desk.files().insert(db, file);
                            desk.events().created(file);
                            return file;
                        });
        isKept = true;
        return kept;
    }

    @Override
    public void close() {
        writer.close();
        if (!isKept && writer.hasBegun()) {
            // whoever was told to end cleans up all the same
            Task.current()
                    .ifPresentOrElse(
                            task ->
                                    task.shielded(() -> {
                                        abandon();
                                        return task;
                                    }),
                            this::abandon);
        }
    }

    private void abandon() {
        var _ =
                Task.detached(PATIENCE)
                        .run(() ->
                                desk.database()
                                        .plain(db -> {
                                            desk.contents().abandon(db, writer.id());
                                            return writer.id();
                                        }));
    }
}
