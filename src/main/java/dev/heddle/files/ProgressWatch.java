package dev.heddle.files;

import java.time.Duration;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;

/// Ends what makes no progress for too long. It wakes up about once a timeout, however often there
/// is progress.
final class ProgressWatch implements AutoCloseable {
    private final long timeoutNanos;
    private final Runnable action;
    private volatile long lastNanos = System.nanoTime();
    private volatile boolean hasFired;
    private volatile boolean isClosed;

    private ProgressWatch(Duration timeout, Runnable action) {
        this.timeoutNanos = timeout.toNanos();
        this.action = action;
    }

    /// Starts to watch.
    ///
    /// @param action runs, once, if there was no progress for the timeout; it must not block
    static ProgressWatch start(Duration timeout, Runnable action) {
        var watch = new ProgressWatch(timeout, action);
        watch.schedule(watch.timeoutNanos);
        return watch;
    }

    /// Says that there is progress.
    void progress() {
        lastNanos = System.nanoTime();
    }

    /// Whether the action was run.
    boolean hasFired() {
        return hasFired;
    }

    @Override
    public void close() {
        isClosed = true;
    }

    private void schedule(long nanos) {
        var _ = ForkJoinPool.commonPool().schedule(this::look, nanos, TimeUnit.NANOSECONDS);
    }

    private void look() {
        if (isClosed) {
            return;
        }
        var left = timeoutNanos - (System.nanoTime() - lastNanos);
        if (left > 0) {
            schedule(left);
        } else {
            hasFired = true;
            action.run();
        }
    }
}
