package dev.heddle.db;

import com.github.kagkarlsson.scheduler.Clock;
import java.time.Duration;
import java.time.Instant;

/// The time of the database's clock, as far as it was asked for: replicas that judge each other's
/// heartbeats must agree on the time, and their own clocks may not.
final class DatabaseClock implements Clock {
    private static final Duration VALIDITY = Duration.ofSeconds(30);

    private volatile Duration offset = Duration.ZERO;
    private volatile long setNanos = System.nanoTime() - VALIDITY.toNanos();

    @Override
    public Instant now() {
        return Instant.now().plus(offset);
    }

    boolean isOld() {
        return System.nanoTime() - setNanos >= VALIDITY.toNanos();
    }

    void set(Instant time) {
        offset = Duration.between(Instant.now(), time);
        setNanos = System.nanoTime();
    }
}
