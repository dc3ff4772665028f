package dev.heddle.source;

import dev.heddle.async.Bulkhead;
import java.time.Duration;

/// How other servers are asked, the same for each of them.
///
/// @param maxIdleConnections how many connections without a request are kept; at least 1, default
///   16; key `source.max-idle-connections`
/// @param connectTimeout how long a connection may take to open, more than zero, default 1 s; key
///   `source.connect-timeout`
/// @param timeout how long one try may take, from the connection to the last byte; more than zero,
///   default 2 s; key `source.timeout`
/// @param maxResponseSize the longest answer in bytes; at least 1, default 1 MiB; key
///   `source.max-response-size`
/// @param concurrency how many requests at once; at least 1, default 64; key `source.concurrency`
/// @param queue how many more may wait for their turn; at least 0, default 64; key `source.queue`
/// @param maxWait how long one may wait for that; at least 0, default 200 ms; key `source.max-wait`
/// @param maxRetries how often a request is tried again; at least 0, default 2; key
///   `source.max-retries`
/// @param firstPause before the first of them, more than zero, default 50 ms: it doubles with each,
///   and each is drawn at random below it; key `source.first-pause`
/// @param budgetPercent how many requests more there may be than were asked for, be it as retries
///   or as hedges: 0 to 100 of a hundred, default 10; key `source.budget-percent`
/// @param breakerPercent how many of a hundred must fail for the source to be left alone; 1 to 100,
///   default 50; key `source.breaker.percent`
/// @param breakerVolume of how many requests, at least 1, default 20; key `source.breaker.volume`
/// @param breakerPause how long it is left alone before it is tried again; more than zero, default
///   5 s; key `source.breaker.pause`
public record Settings(
        int maxIdleConnections,
        Duration connectTimeout,
        Duration timeout,
        int maxResponseSize,
        int concurrency,
        int queue,
        Duration maxWait,
        int maxRetries,
        Duration firstPause,
        int budgetPercent,
        int breakerPercent,
        int breakerVolume,
        Duration breakerPause) {
    public static final Settings DEFAULT =
            new Settings(
                    16,
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    1 << 20,
                    64,
                    64,
                    Duration.ofMillis(200),
                    2,
                    Duration.ofMillis(50),
                    10,
                    50,
                    20,
                    Duration.ofSeconds(5));

    public Settings {
        atLeast(1, "max-idle-connections", maxIdleConnections);
        positive("connect-timeout", connectTimeout);
        positive("timeout", timeout);
        atLeast(1, "max-response-size", maxResponseSize);
        atLeast(1, "concurrency", concurrency);
        atLeast(0, "queue", queue);
        check(!maxWait.isNegative(), "max-wait", maxWait, ">= 0");
        atLeast(0, "max-retries", maxRetries);
        positive("first-pause", firstPause);
        check(
                budgetPercent >= 0 && budgetPercent <= 100,
                "budget-percent",
                budgetPercent,
                "0 to 100");
        check(
                breakerPercent >= 1 && breakerPercent <= 100,
                "breaker.percent",
                breakerPercent,
                "1 to 100");
        atLeast(1, "breaker.volume", breakerVolume);
        positive("breaker.pause", breakerPause);
    }

    Bulkhead.Settings bulkhead() {
        return new Bulkhead.Settings(concurrency, queue, maxWait);
    }

    private static void atLeast(int least, String key, int value) {
        check(value >= least, key, value, ">= " + least);
    }

    private static void positive(String key, Duration value) {
        check(value.isPositive(), key, value, "> 0");
    }

    private static void check(boolean valid, String key, Object value, String expected) {
        if (!valid) {
            throw new IllegalArgumentException(
                    "source.%s: %s (expected: %s)".formatted(key, value, expected));
        }
    }
}
