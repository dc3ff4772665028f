package dev.heddle.feed;

import java.time.Duration;

/// The bounds of the feed.
///
/// @param retention how long an event is kept at least; at least 1 s, default 3 days (72 h); key
///   `feed.retention`
/// @param partitionSize how many events are dropped at a time; 1,000 to 100,000,000, default
///   500,000; key `feed.partition-size`
/// @param ringEvents how many of the newest events a replica keeps in memory; 16 to 1,000,000,
///   default 8,192; key `feed.ring-events`
/// @param ringBytes how much memory they may take together, roughly; at least 1 MiB, default 32
///   MiB; key `feed.ring-size`
/// @param maxEventSize the longest payload, in bytes of JSON; 1 KiB to 16 MiB, default 256 KiB; key
///   `feed.max-event-size`
/// @param pollInterval how often a replica looks for events that nobody told it of; 5 ms to 10 s,
///   default 50 ms; key `feed.poll-interval`
/// @param bookmarkInterval how long a subscription may be silent before it is sent a token; at
///   least 100 ms, default 15 s; key `feed.bookmark-interval`
/// @param maxCatchUps how many readers may read from the database at once; more take turns; 1 to
///   100, default 4; key `feed.max-catch-ups`
/// @param maxStreamsPerCaller how many subscriptions a caller may have open on a replica; at least
///   1, default 1,000; key `feed.max-streams-per-caller`
/// @param maxTopics how many topics and patterns a subscription may name; 1 to 10,000, default 100;
///   key `feed.max-topics`
public record Settings(
        Duration retention,
        long partitionSize,
        int ringEvents,
        long ringBytes,
        int maxEventSize,
        Duration pollInterval,
        Duration bookmarkInterval,
        int maxCatchUps,
        int maxStreamsPerCaller,
        int maxTopics) {
    /// The defaults.
    public static final Settings DEFAULT =
            new Settings(
                    Duration.ofDays(3),
                    500_000,
                    8192,
                    32L << 20,
                    256 << 10,
                    Duration.ofMillis(50),
                    Duration.ofSeconds(15),
                    4,
                    1000,
                    100);

    public Settings {
        check(atLeast(retention, 1000), "retention", retention, ">= 1 s");
        check(
                isIn(partitionSize, 1000, 100_000_000),
                "partition-size",
                partitionSize,
                "1000 to 100000000");
        check(isIn(ringEvents, 16, 1_000_000), "ring-events", ringEvents, "16 to 1000000");
        check(ringBytes >= 1 << 20, "ring-size", ringBytes, ">= 1 MiB");
        check(
                isIn(maxEventSize, 1 << 10, 16 << 20),
                "max-event-size",
                maxEventSize,
                "1 KiB to 16 MiB");
        check(
                atLeast(pollInterval, 5) && pollInterval.toSeconds() <= 10,
                "poll-interval",
                pollInterval,
                "5 ms to 10 s");
        check(atLeast(bookmarkInterval, 100), "bookmark-interval", bookmarkInterval, ">= 100 ms");
        check(isIn(maxCatchUps, 1, 100), "max-catch-ups", maxCatchUps, "1 to 100");
        check(maxStreamsPerCaller >= 1, "max-streams-per-caller", maxStreamsPerCaller, ">= 1");
        check(isIn(maxTopics, 1, 10_000), "max-topics", maxTopics, "1 to 10000");
    }

    private static boolean isIn(long value, long min, long max) {
        return value >= min && value <= max;
    }

    private static boolean atLeast(Duration value, long millis) {
        return value.compareTo(Duration.ofMillis(millis)) >= 0;
    }

    private static void check(boolean valid, String key, Object value, String expected) {
        if (!valid) {
            throw new IllegalArgumentException(
                    "feed.%s: %s (expected: %s)".formatted(key, value, expected));
        }
    }
}
