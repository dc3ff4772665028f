package dev.heddle.facade.health;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/// A check that runs at most once in a while, however many ask, and at most one at a time.
final class CachedCheck {
    private static final Logger LOGGER = System.getLogger(CachedCheck.class.getName());

    private final String name;
    private final Check check;
    private final Duration timeout;
    private final Duration keep;
    private final ReentrantLock lock = new ReentrantLock();
    private State state = State.UNKNOWN;
    private long checkedNanos;

    /// What the last check found.
    enum State {
        UNKNOWN,
        OK,
        FAILED,
        TIMED_OUT
    }

    /// @param timeout how long one check may take
    /// @param keep how long its result holds
    CachedCheck(String name, Check check, Duration timeout, Duration keep) {
        this.name = name;
        this.check = check;
        this.timeout = timeout;
        this.keep = keep;
    }

    State state() {
        lock.lock();
        try {
            if (state == State.UNKNOWN || System.nanoTime() - checkedNanos > keep.toNanos()) {
                become(run());
                checkedNanos = System.nanoTime();
            }
            return state;
        } finally {
            lock.unlock();
        }
    }

    private void become(State next) {
        if (state != next) {
            var level = next == State.OK ? Level.INFO : Level.WARNING;
            LOGGER.log(level, "health check %s: %s".formatted(name, next));
        }
        state = next;
    }

    private State run() {
        var task =
                new FutureTask<State>(() -> {
                    check.run();
                    return State.OK;
                });
        Thread.ofVirtual().name("heddle-health-" + name).start(task);
        try {
            return task.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            task.cancel(true);
            return State.TIMED_OUT;
        } catch (ExecutionException e) {
            LOGGER.log(Level.DEBUG, "health check %s failed".formatted(name), e.getCause());
            return State.FAILED;
        } catch (InterruptedException _) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            return State.UNKNOWN;
        }
    }
}
