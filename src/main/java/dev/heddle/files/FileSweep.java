package dev.heddle.files;

import dev.heddle.db.Database;
import dev.heddle.db.Housekeeping;
import dev.heddle.files.v1.File;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/// Deletes files that have expired, and removes the bytes that no file has (any more): every so
/// often, and at once where an upload fails or a file is deleted. Its transactions are short,
/// however large a file is. Replicas may do it at the same time: none waits for what another has
/// taken.
final class FileSweep implements AutoCloseable {
    private static final int FILES_A_TURN = 100;

    private final Database database;
    private final FileStore files;
    private final ContentStore contents;
    private final FileEvents events;
    private final Housekeeping housekeeping;
    private final AtomicBoolean isDue = new AtomicBoolean();

    private FileSweep(
            Database database,
            FileStore files,
            ContentStore contents,
            FileEvents events,
            Duration interval) {
        this.database = database;
        this.files = files;
        this.contents = contents;
        this.events = events;
        this.housekeeping = Housekeeping.start("file-sweep", interval, this::sweep);
    }

    static FileSweep start(
            Database database,
            FileStore files,
            ContentStore contents,
            FileEvents events,
            Duration interval) {
        return new FileSweep(database, files, contents, events, interval);
    }

    /// Removes what there is to be removed, soon.
    void wake() {
        if (!isDue.getAndSet(true)) {
            housekeeping.soon(() -> {
                isDue.set(false);
                sweep();
            });
        }
    }

    /// Removes the bytes of an upload that failed, soon: its own thread may have been told to end.
    void abandon(String id) {
        housekeeping.soon(() -> {
            var _ =
                    database.plain(db -> {
                        contents.abandon(db, id);
                        return id;
                    });
            wake();
        });
    }

    private void sweep() {
        while (deleteExpired()) {}
        while (removeOrphan()) {}
    }

    /// @return whether there may be more
    private boolean deleteExpired() {
        return database.transaction(db -> {
            var expired = files.deleteExpired(db, FILES_A_TURN);
            if (!expired.isEmpty()) {
                contents.orphan(db, expired.stream().map(File::getId).toList());
                expired.forEach(events::deleted);
            }
            return expired.size() == FILES_A_TURN;
        });
    }

    /// @return whether there may be more
    private boolean removeOrphan() {
        return database.transaction(db -> {
            var due = contents.due(db);
            due.ifPresent(id -> contents.remove(db, id));
            return due.isPresent();
        });
    }

    @Override
    public void close() {
        housekeeping.close();
    }
}
