package dev.heddle.db;

import java.time.Duration;

/// The bounds of the pool of database connections.
///
/// @param min how many idle connections are kept ready; 0 to `max`, default 2; key `db.pool.min`
/// @param max how many connections there are at most; at least 1, default 40; key `db.pool.max`
/// @param acquireTimeout how long a call waits for a connection before it fails, with
///   RESOURCE_EXHAUSTED where all are busy and with UNAVAILABLE where there is no database; at
///   least 250 ms, default 3 s; key `db.pool.acquire-timeout`
/// @param maxLifetime the age at which a connection is replaced; at least 30 s, default 30 min; key
///   `db.pool.max-lifetime`
/// @param idleTimeout how long a connection beyond `min` is kept without use; at least 10 s,
///   default 10 min; key `db.pool.idle-timeout`
/// @param keepAlive how often an idle connection is tried; at least 30 s and less than
///   `max-lifetime`, default 2 min; key `db.pool.keep-alive`
/// @param validationTimeout how long such a trial may take, and the one before an idle connection
///   is lent; at least 250 ms and at most `acquire-timeout`, default 1 s; key
///   `db.pool.validation-timeout`
public record PoolSettings(
        int min,
        int max,
        Duration acquireTimeout,
        Duration maxLifetime,
        Duration idleTimeout,
        Duration keepAlive,
        Duration validationTimeout) {
    private static final Duration SHORTEST_WAIT = Duration.ofMillis(250);

    public PoolSettings {
        check(max >= 1, "max", max, ">= 1");
        check(min >= 0 && min <= max, "min", min, "0 to db.pool.max, " + max);
        check(
                acquireTimeout.compareTo(SHORTEST_WAIT) >= 0,
                "acquire-timeout",
                acquireTimeout,
                ">= 250 ms");
        check(maxLifetime.toSeconds() >= 30, "max-lifetime", maxLifetime, ">= 30 s");
        check(idleTimeout.toSeconds() >= 10, "idle-timeout", idleTimeout, ">= 10 s");
        check(
                keepAlive.toSeconds() >= 30 && keepAlive.compareTo(maxLifetime) < 0,
                "keep-alive",
                keepAlive,
                ">= 30 s, < db.pool.max-lifetime");
        check(
                validationTimeout.compareTo(SHORTEST_WAIT) >= 0
                        && validationTimeout.compareTo(acquireTimeout) <= 0,
                "validation-timeout",
                validationTimeout,
                "250 ms to db.pool.acquire-timeout");
    }

    /// The defaults.
    public static PoolSettings defaults() {
        return new PoolSettings(
                2,
                40,
                Duration.ofSeconds(3),
                Duration.ofMinutes(30),
                Duration.ofMinutes(10),
                Duration.ofMinutes(2),
                Duration.ofSeconds(1));
    }

    private static void check(boolean valid, String key, Object value, String expected) {
        if (!valid) {
            throw new IllegalArgumentException(
                    "db.pool.%s: %s (expected: %s)".formatted(key, value, expected));
        }
    }
}
