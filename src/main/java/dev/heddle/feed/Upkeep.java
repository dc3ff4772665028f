package dev.heddle.feed;

import dev.heddle.db.Database;
import dev.heddle.rpc.RpcException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Adds room to the log at its end, and takes away at its beginning what is old. Replicas may do it
/// at the same time.
final class Upkeep implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(Upkeep.class.getName());
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final Database database;
    private final FeedStore store;
    private final Settings settings;
    private final ScheduledExecutorService schedule =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofVirtual().name("heddle-feed-upkeep").factory());

    Upkeep(Database database, FeedStore store, Settings settings) {
        this.database = database;
        this.store = store;
        this.settings = settings;
    }

    void start() {
        var _ =
                schedule.scheduleWithFixedDelay(
                        this::run, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
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

    private void run() {
        try {
            turn();
        } catch (RpcException e) {
            // Such as: no database just now. The next turn does what this one didn't.
            LOGGER.log(Level.DEBUG, "no upkeep of the feed", e);
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "the upkeep of the feed failed", e);
        }
    }

    /// Lets a turn that runs come to its end: an interrupt would break its connection.
    @Override
    public void close() {
        schedule.shutdown();
        try {
            if (!schedule.awaitTermination(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOGGER.log(Level.WARNING, "the upkeep of the feed goes on");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
