package dev.heddle.jobs;

import dev.heddle.db.Database;
import dev.heddle.db.PoolSettings;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// The bounds of background work.
///
/// @param concurrency how many jobs a gateway runs at once; 1 to 10,000, default 64; key
///   `jobs.concurrency`
/// @param pollInterval how often a gateway looks for jobs that nobody told it of, such as those
///   whose time has come; 10 ms to 1 min, default 200 ms; key `jobs.poll-interval`
/// @param heartbeat how often a gateway says that it still runs its jobs: after four that are
///   missing others take them; 200 ms to 5 min, default 5 s; key `jobs.heartbeat`
/// @param shutdownWait how long jobs that run may take to end when the gateway stops, before they
///   are handed to others; 0 s to 1 h, default 20 s; key `jobs.shutdown-wait`
/// @param timeout how long an attempt may take where neither the job nor its type says; 1 ms to 7
///   days, default 5 min; key `jobs.timeout`
/// @param maxAttempts how many attempts a job has where neither it nor its type says; 1 to 100,
///   default 5; key `jobs.max-attempts`
/// @param firstPause the pause after the first attempt that failed, which doubles with each; at
///   least 1 ms, default 1 s; key `jobs.first-pause`
/// @param lastPause the longest pause; at least `first-pause`, default 10 min; key
///   `jobs.last-pause`
/// @param maxPayloadSize the longest payload or result, in bytes of JSON; 1 KiB to 16 MiB, default
///   256 KiB; key `jobs.max-payload-size`
/// @param maxLines how many lines a job may write, over all attempts; more are dropped; 0 to
///   100,000, default 1,000; key `jobs.max-lines`
/// @param retention how long a job is kept when it has ended; at least 1 s, default 7 days (168 h);
///   key `jobs.retention`
/// @param deadRetention the same for one that is DEAD; at least 1 s, default 30 days (720 h); key
///   `jobs.dead-retention`
public record Settings(
        int concurrency,
        Duration pollInterval,
        Duration heartbeat,
        Duration shutdownWait,
        Duration timeout,
        int maxAttempts,
        Duration firstPause,
        Duration lastPause,
        int maxPayloadSize,
        int maxLines,
        Duration retention,
        Duration deadRetention) {
    /// The defaults.
    public static final Settings DEFAULT =
            new Settings(
                    64,
                    Duration.ofMillis(200),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(20),
                    Duration.ofMinutes(5),
                    5,
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(10),
                    256 << 10,
                    1000,
                    Duration.ofDays(7),
                    Duration.ofDays(30));

    /// Connections of the ledger, the sweep, the concurrency keys, and one to spare.
    private static final int CONNECTIONS = 6;

    private static final double SMALLEST_JITTER = 0.5;

    public Settings {
        check(concurrency >= 1 && concurrency <= 10_000, "concurrency", concurrency, "1 to 10000");
        check(isIn(pollInterval, 10, 60_000), "poll-interval", pollInterval, "10 ms to 1 min");
        check(isIn(heartbeat, 200, 300_000), "heartbeat", heartbeat, "200 ms to 5 min");
        check(isIn(shutdownWait, 0, 3_600_000), "shutdown-wait", shutdownWait, "0 s to 1 h");
        check(isIn(timeout, 1, Duration.ofDays(7).toMillis()), "timeout", timeout, "1 ms to 7 d");
        check(maxAttempts >= 1 && maxAttempts <= 100, "max-attempts", maxAttempts, "1 to 100");
        check(firstPause.toMillis() >= 1, "first-pause", firstPause, ">= 1 ms");
        check(lastPause.compareTo(firstPause) >= 0, "last-pause", lastPause, ">= jobs.first-pause");
        check(
                maxPayloadSize >= 1 << 10 && maxPayloadSize <= 16 << 20,
                "max-payload-size",
                maxPayloadSize,
                "1 KiB to 16 MiB");
        check(maxLines >= 0 && maxLines <= 100_000, "max-lines", maxLines, "0 to 100000");
        check(retention.toMillis() >= 1000, "retention", retention, ">= 1 s");
        check(deadRetention.toMillis() >= 1000, "dead-retention", deadRetention, ">= 1 s");
    }

    /// The pause after so many attempts in a row that failed: at random half to all of what the
    /// doubling yields, so that jobs that failed together don't come again together.
    Duration pauseAfter(int failures) {
        var doublings = Math.min(failures - 1, 30);
        var longest =
                Math.min(
                        (double) lastPause.toMillis(),
                        (double) firstPause.toMillis() * (double) (1L << doublings));
        var jitter = ThreadLocalRandom.current().nextDouble(SMALLEST_JITTER, 1);
        return Duration.ofMillis(Math.max(1, (long) (longest * jitter)));
    }

    /// The connections that jobs have for themselves, so that no crowd of calls keeps their outcome
    /// from being written.
    Database.Settings pool(Database.Settings database) {
        var pool = database.pool();
        return database.withPool(
                new PoolSettings(
                        1,
                        CONNECTIONS,
                        pool.acquireTimeout(),
                        pool.maxLifetime(),
                        pool.idleTimeout(),
                        pool.keepAlive(),
                        pool.validationTimeout()));
    }

    private static boolean isIn(Duration value, long leastMillis, long mostMillis) {
        return value.toMillis() >= leastMillis && value.toMillis() <= mostMillis;
    }

    private static void check(boolean valid, String key, Object value, String expected) {
        if (!valid) {
            throw new IllegalArgumentException(
                    "jobs.%s: %s (expected: %s)".formatted(key, value, expected));
        }
    }
}
