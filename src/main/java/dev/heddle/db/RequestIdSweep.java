package dev.heddle.db;

import java.time.Duration;

/// Removes request ids that are older than a day: every ten minutes, a thousand a transaction, so
/// that it never holds a lock for long. Replicas may do it at the same time.
public final class RequestIdSweep implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMinutes(10);
    private static final int BATCH = 1000;

    private final Housekeeping housekeeping;

    private RequestIdSweep(Housekeeping housekeeping) {
        this.housekeeping = housekeeping;
    }

    /// Starts to sweep, in the background, until it is closed.
    public static RequestIdSweep start(Database database) {
        var housekeeping = new Housekeeping("request-id-sweep", INTERVAL, () -> sweep(database));
        housekeeping.start();
        return new RequestIdSweep(housekeeping);
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

    @Override
    public void close() {
        housekeeping.close();
    }
}
