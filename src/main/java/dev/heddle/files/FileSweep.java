package dev.heddle.files;

import dev.heddle.db.Database;
import dev.heddle.db.Housekeeping;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/// Has the [Sweeper] sweep: every so often, and at once where an upload fails or a file is deleted.
final class FileSweep implements AutoCloseable {
    private final Database database;
    private final ContentStore contents;
    private final Sweeper sweeper;
    private final Housekeeping housekeeping;
    private final AtomicBoolean isDue = new AtomicBoolean();

    private FileSweep(
            Database database,
            FileStore files,
            ContentStore contents,
            FileEvents events,
            Duration interval) {
        this.database = database;
        this.contents = contents;
        this.sweeper = new Sweeper(database, files, contents, events);
        this.housekeeping = new Housekeeping("file-sweep", interval, this::sweep);
    }

    static FileSweep start(
            Database database,
            FileStore files,
            ContentStore contents,
            FileEvents events,
            Duration interval) {
        var sweep = new FileSweep(database, files, contents, events, interval);
        sweep.housekeeping.start();
        return sweep;
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
        var _ = sweeper.sweep();
    }

    @Override
    public void close() {
        housekeeping.close();
    }
}
