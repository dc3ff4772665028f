package dev.heddle.db;

import dev.heddle.rpc.RpcException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Removes request ids that are older than a day: every ten minutes, a thousand a transaction, so
/// that it never holds a lock for long. Replicas may do it at the same time.
public final class RequestIdSweep implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(RequestIdSweep.class.getName());
    private static final Duration INTERVAL = Duration.ofMinutes(10);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);
    private static final int BATCH = 1000;

    private final Database database;
    private final ScheduledExecutorService schedule =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofVirtual().name("heddle-request-id-sweep").factory());

    private RequestIdSweep(Database database) {
        this.database = database;
    }

    /// Starts to sweep, in the background, until it is closed.
    public static RequestIdSweep start(Database database) {
        var sweep = new RequestIdSweep(database);
        var _ =
                sweep.schedule.scheduleWithFixedDelay(
                        sweep::run,
                        INTERVAL.toMillis(),
                        INTERVAL.toMillis(),
                        TimeUnit.MILLISECONDS);
        return sweep;
    }

    private void run() {
        try {
            sweep(database);
        } catch (RpcException e) {
            // Such as: no database just now. The next turn finds the same rows.
            LOGGER.log(Level.WARNING, "request ids were not swept", e);
        }
    }

    /// Removes all that have expired.
    ///
    /// @return how many
    static long sweep(Database database) {
        var total = 0L;
        long removed;
        do {
            removed =
                    database.transaction(db ->
                            db.createNamedDelete(
                                            "request_ids.sweep",
                                            """
                                            DELETE FROM request_ids WHERE ctid = ANY (ARRAY(
                                              SELECT ctid FROM request_ids
                                              WHERE create_time < now() - interval '24 hours'
                                              LIMIT :batch
                                              FOR UPDATE SKIP LOCKED))
                                            """)
                                    .addParam("batch", BATCH)
                                    .execute());
            total += removed;
        } while (removed == BATCH);
        return total;
    }

    /// Lets a turn that runs come to its end: an interrupt would break its connection.
    @Override
    public void close() {
        schedule.shutdown();
        try {
            if (!schedule.awaitTermination(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOGGER.log(Level.WARNING, "the sweep of request ids goes on");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
