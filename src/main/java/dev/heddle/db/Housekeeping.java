package dev.heddle.db;

import dev.heddle.rpc.RpcException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Work of the gateway's own on its database, done over and over on one virtual thread. What fails
/// is logged and comes again with the next turn: as a warning at first, and in silence until a turn
/// comes to its end again where the database is missing.
public final class Housekeeping implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(Housekeeping.class.getName());
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final String name;
    private final Duration interval;
    private final Runnable turn;
    private final ScheduledExecutorService schedule;
    private boolean waiting;

    /// @param name of the thread, and in the log
    /// @param interval between the end of a turn and the next
    public Housekeeping(String name, Duration interval, Runnable turn) {
        this.name = name;
        this.interval = interval;
        this.turn = turn;
        this.schedule =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofVirtual().name("heddle-" + name).factory());
    }

    /// Starts it, until it is closed.
    public void start() {
        var _ =
                schedule.scheduleWithFixedDelay(
                        () -> run(turn),
                        interval.toMillis(),
                        interval.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    /// Does something once, as soon as what was asked for before is done. Whoever asks sees to it
    /// that they are few.
    public void soon(Runnable work) {
        schedule.execute(() -> run(work));
    }

    /// Whether the turn that runs is the last, and should not take long.
    public boolean isClosed() {
        return schedule.isShutdown();
    }

    private void run(Runnable work) {
        try {
            work.run();
            waiting = false;
        } catch (RpcException e) {
            // Such as: no database just now. The next turn finds the same rows.
            LOGGER.log(
                    waiting ? Level.DEBUG : Level.WARNING,
                    "%s has to wait for its next turn".formatted(name),
                    e);
            waiting = true;
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "%s failed".formatted(name), e);
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
