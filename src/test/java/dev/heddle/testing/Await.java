package dev.heddle.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Waits for what happens in the background.
public final class Await {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long PAUSE_NANOS = 1_000_000;

    private Await() {}

    /// Waits until a condition holds; fails where it still doesn't after half a minute.
    ///
    /// @param what the condition, for the failure
    public static void until(String what, BooleanSupplier condition) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("time waited for: " + what).isNegative();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
