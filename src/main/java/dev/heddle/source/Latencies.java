package dev.heddle.source;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/// How long the latest answers took.
final class Latencies {
    private static final int WINDOW = 128;
    private static final int FEWEST = 20;

    private final long[] nanos = new long[WINDOW];
    private int count;

    synchronized void add(Duration time) {
        nanos[count % WINDOW] = time.toNanos();
        count++;
        if (count == 2 * WINDOW) {
            count = WINDOW;
        }
    }

    /// What nineteen of twenty did not exceed; empty where too few are known.
    synchronized Optional<Duration> p95() {
        var known = Math.min(count, WINDOW);
        if (known < FEWEST) {
            return Optional.empty();
        }
        var sorted = Arrays.copyOf(nanos, known);
        Arrays.sort(sorted);
        return Optional.of(Duration.ofNanos(sorted[(known * 95 + 99) / 100 - 1]));
    }
}
