package dev.heddle.db;

import dev.heddle.rpc.RpcException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Work of the gateway's own on its database, done over and over on one virtual thread. What fails
/// for want of the database is logged and comes again with the next turn; a defect ends it.
public final class Housekeeping implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(Housekeeping.class.getName());
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final String name;
    private final ScheduledExecutorService schedule;

    private Housekeeping(String name) {
        this.name = name;
        this.schedule =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofVirtual().name("heddle-" + name).factory());
    }

    /// Starts it, until it is closed.
    ///
    /// @param name of the thread, and in the log
    /// @param interval between the end of a turn and the next
    public static Housekeeping start(String name, Duration interval, Runnable turn) {
        var started = new Housekeeping(name);
        var _ =
                started.schedule.scheduleWithFixedDelay(
                        () -> started.run(turn),
                        interval.toMillis(),
                        interval.toMillis(),
                        TimeUnit.MILLISECONDS);
        return started;
    }

    /// Does something once, as soon as what was asked for before is done. Whoever asks sees to it
    /// that they are few.
    public void soon(Runnable work) {
        schedule.execute(() -> run(work));
    }

    private void run(Runnable work) {
        try {
            work.run();
        } catch (RpcException e) {
            // Such as: no database just now. The next turn finds the same rows.
            LOGGER.log(Level.WARNING, "%s has to wait for its next turn".formatted(name), e);
        }
    }

    /// Lets a turn that runs come to its end: an interrupt would break its connection.
    @Override
    public void close() {
        schedule.shutdown();
        try {
            if (!schedule.awaitTermination(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOGGER.log(Level.WARNING, "%s goes on".formatted(name));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
