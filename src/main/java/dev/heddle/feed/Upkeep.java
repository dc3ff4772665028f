package dev.heddle.feed;

import dev.heddle.db.Database;
import dev.heddle.db.Housekeeping;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/// Adds room to the log at its end, and takes away at its beginning what is old. Replicas may do it
/// at the same time.
final class Upkeep implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(Upkeep.class.getName());
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Database database;
    private final FeedStore store;
    private final Settings settings;
    private final Housekeeping housekeeping = new Housekeeping("feed-upkeep", INTERVAL, this::turn);

    Upkeep(Database database, FeedStore store, Settings settings) {
        this.database = database;
        this.store = store;
        this.settings = settings;
    }

    void start() {
        housekeeping.start();
    }

    /// Does what is to be done now.
    void turn() {
        database.plain(db -> {
            store.extendAhead(db, settings.partitionSize(), settings.partitionSize());
            return settings;
        });
        database.plain(db -> {
            store.clearOutbox(db);
            return settings;
        });
        while (database.plain(db -> store.retire(db, settings.retention()))) {
            LOGGER.log(Level.DEBUG, "dropped a partition of the log");
        }
    }

    @Override
    public void close() {
        housekeeping.close();
    }
}
