package dev.heddle.rpc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/// Ends what takes too long. One thread waits for the earliest deadline that it knew of when it
/// last looked; most calls are over long before, so that a call neither wakes it nor takes a lock.
public final class Deadlines {
    /// How long the thread waits at least, so that deadlines close to each other cost one look.
    private static final long SHORTEST_WAIT = Duration.ofMillis(1).toNanos();

    /// How long it waits where there is no deadline.
    private static final long LONGEST_WAIT = Duration.ofHours(1).toNanos();

    /// A time beyond it is as good as none, and its nanoseconds may not fit into a number.
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private static final Set<Deadline> ALL = ConcurrentHashMap.newKeySet();

    /// The [System#nanoTime] of the next look; during one, that of the last that there might be.
    private static volatile long nextLook = System.nanoTime() + LONGEST_WAIT;

    private static final Thread THREAD =
            Thread.ofPlatform().daemon().name("heddle-deadlines").start(Deadlines::run);

    private Deadlines() {}

    private static final class Deadline {
        private final long nanoTime;
        private final Runnable action;

        Deadline(long nanoTime, Runnable action) {
            this.nanoTime = nanoTime;
            this.action = action;
        }
    }

    /// A time that can be waited for.
    static Duration bounded(Duration time) {
        return time.compareTo(LONGEST) < 0 ? time : LONGEST;
    }

    /// Has an action run when a time is over.
    ///
    /// @param action must not wait
    /// @return takes the action back if it has not begun
    public static Task.Registration after(Duration time, Runnable action) {
        var deadline = new Deadline(System.nanoTime() + bounded(time).toNanos(), action);
        ALL.add(deadline);
        if (deadline.nanoTime - nextLook < 0) {
            LockSupport.unpark(THREAD);
        }
        return () -> ALL.remove(deadline);
    }

    private static void run() {
        while (true) {
            LockSupport.parkNanos(look());
        }
    }

    /// @return how long to wait for the next look
    private static long look() {
        var now = System.nanoTime();
        // Who comes during the look, and may be missed by it, has it followed by another.
        nextLook = now + LONGEST_WAIT;
        var wait = LONGEST_WAIT;
        var over = new ArrayList<Deadline>();
        for (var deadline : ALL) {
            var left = deadline.nanoTime - now;
            if (left > 0) {
                wait = Math.min(wait, left);
            } else {
                over.add(deadline);
            }
        }
        for (var deadline : over) {
            if (ALL.remove(deadline)) {
                deadline.action.run();
            }
        }
        wait = Math.max(wait, SHORTEST_WAIT);
        nextLook = now + wait;
        return nextLook - System.nanoTime();
    }
}
