package dev.heddle.rpc;

import com.google.protobuf.util.Durations;
import java.time.Duration;

/// How often something may be done: a bucket that fills evenly with tokens, of which each call
/// takes one.
///
/// @param requests how many calls within the period; at least 1
/// @param period at least a second, which is the unit that callers are told
/// @param burst how many calls may come at once after a pause: the size of the bucket; at least 1
public record RateLimit(long requests, Duration period, long burst) {
    /// Finer than a token a nanosecond there is nothing.
    private static final long MOST = 1_000_000_000L;

    public RateLimit {
        check("requests", requests);
        check("burst", burst);
        if (period.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new IllegalArgumentException(
                    "per: %s (expected: at least a second)".formatted(period));
        }
    }

    /// One whose bucket holds what comes in a period.
    public static RateLimit of(long requests, Duration period) {
        return new RateLimit(requests, period, requests);
    }

    /// What a contract says.
    static RateLimit of(dev.heddle.api.RateLimit policy) {
        return new RateLimit(
                policy.getRequests(),
                Duration.ofNanos(Durations.toNanos(policy.getPer())),
                policy.getBurst() == 0 ? policy.getRequests() : policy.getBurst());
    }

    /// How long an empty bucket takes to be full.
    Duration refill() {
        var nanos = (double) period.toNanos() / requests * burst;
        return Duration.ofNanos((long) Math.ceil(nanos));
    }

    private static void check(String name, long value) {
        if (value < 1 || value > MOST) {
            throw new IllegalArgumentException(
                    "%s: %d (expected: 1 to %d)".formatted(name, value, MOST));
        }
    }
}
