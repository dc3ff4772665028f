package dev.heddle.jobs;

import dev.heddle.db.Database;
import dev.heddle.db.Housekeeping;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.IntSupplier;

/// Does what nobody told this gateway of: cancels jobs whose notice was lost, wakes those that wait
/// for a key that nobody has, and removes old ones, a few a transaction. Gateways may do it at the
/// same time.
final class Upkeep implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(Upkeep.class.getName());
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final int BATCH = 500;

    /// How many turns there are to one that sweeps.
    private static final int SWEEP_TURNS = 10;

    private final Database database;
    private final Settings settings;
    private final Runner runner;
    private final Runnable onDue;
    private final JobStore jobs = new JobStore();
    private final KeyStore keys = new KeyStore();
    private final SweepStore sweeps = new SweepStore();
    private final Housekeeping housekeeping = new Housekeeping("jobs-upkeep", INTERVAL, this::turn);
    private int turns;

    Upkeep(Database database, Settings settings, Runner runner, Runnable onDue) {
        this.database = database;
        this.settings = settings;
        this.runner = runner;
        this.onDue = onDue;
    }

    void start() {
        housekeeping.start();
    }

    /// Cancels jobs that run here and are to be cancelled.
    void cancelMissed() {
        var running = runner.running();
        if (!running.isEmpty()) {
            database.plain(db -> jobs.cancelled(db, running))
                    .forEach(id -> runner.end(id, JobRun.Ending.CANCELLED));
        }
    }

    /// Removes all that is old enough.
    void sweep() {
        untilFewer(() ->
                database.transaction(db ->
                        sweeps.removeEnded(
                                db, settings.retention(), settings.deadRetention(), BATCH)));
        untilFewer(() -> database.transaction(db -> sweeps.removeUniques(db, BATCH)));
    }

    private void wakeStranded() {
        if (database.transaction(db -> keys.wakeStranded(db, BATCH)) > 0) {
            onDue.run();
        }
    }

    private void untilFewer(IntSupplier removal) {
        while (removal.getAsInt() == BATCH && !housekeeping.isClosed()) {
            LOGGER.log(Level.DEBUG, "removed {0} rows of old jobs", BATCH);
        }
    }

    private void turn() {
        cancelMissed();
        wakeStranded();
        if (turns++ % SWEEP_TURNS == 0) {
            sweep();
        }
    }

    @Override
    public void close() {
        housekeeping.close();
    }
}
