package dev.heddle.feed;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A reader that waits: one thread at a time.
final class Waiter {
    private static final long NOTHING = Long.MAX_VALUE;

    private final Topics topics;
    private final AtomicLong wokenFor = new AtomicLong(NOTHING);
    private volatile @Nullable Thread thread;

    Waiter(Topics topics) {
        this.topics = topics;
    }

    Topics topics() {
        return topics;
    }

    /// Forgets what it was woken for before.
    void reset() {
        wokenFor.set(NOTHING);
    }

    /// Waits until it is woken, for as long as is left.
    ///
    /// @return whether it was woken
    boolean await(long deadlineNanos) throws InterruptedException {
        thread = Thread.currentThread();
        try {
            while (!isWoken()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                var left = deadlineNanos - System.nanoTime();
                if (left <= 0) {
                    return isWoken();
                }
                LockSupport.parkNanos(this, left);
            }
            return true;
        } finally {
            thread = null;
        }
    }

    boolean isWoken() {
        return wokenFor.get() != NOTHING;
    }

    /// The first position since the reset that it was woken for; 0 for none in particular.
    long wokenFor() {
        return wokenFor.get();
    }

    void wakeFor(long seq) {
        if (wokenFor.compareAndSet(NOTHING, seq)) {
            LockSupport.unpark(thread);
        }
    }

    void wake() {
        wokenFor.set(0);
        LockSupport.unpark(thread);
    }
}
