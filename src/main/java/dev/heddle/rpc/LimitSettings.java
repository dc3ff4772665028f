package dev.heddle.rpc;

import java.time.Duration;
import java.util.Optional;

/// How many calls a gateway serves at once, and how often a caller may call.
///
/// @param maxConcurrency how many calls that answer once may run at once, at most; at least 1,
///   default 10,000, key `rpc.max-concurrency`
/// @param maxStreams how many calls with streams may run at once, at most; at least 1, default
///   10,000, key `rpc.max-streams`
/// @param minConcurrency below which the adaptive limit does not go; at least 1, and no more than
///   `rpc.max-concurrency` in effect, default 100, key `rpc.aimd.min-concurrency`
/// @param backoffPercent what overload leaves of the limit, in percent; 50 to 99, default 50, key
///   `rpc.aimd.backoff-percent`
/// @param overloadAfter how long a call must have run for its failure by time to count as overload,
///   so that the haste of a caller doesn't; more than zero, default 5 s, key `rpc.aimd.timeout`
/// @param perCaller how often one caller may call, all methods together; default unbounded, keys
///   `rpc.rate-limit.requests` (0: unbounded), `rpc.rate-limit.per` and `rpc.rate-limit.burst`
/// @param maxCallers of how many callers it is known at most, for each limit, how often they have
///   called; at least 1, default 100,000, key `rpc.rate-limit.max-callers`
public record LimitSettings(
        int maxConcurrency,
        int maxStreams,
        int minConcurrency,
        int backoffPercent,
        Duration overloadAfter,
        Optional<RateLimit> perCaller,
        int maxCallers) {
    public static final LimitSettings DEFAULT = atMost(10_000);

    /// Helidon's limit takes no other.
    private static final int MIN_BACKOFF = 50;

    public LimitSettings {
        checkPositive("rpc.max-concurrency", maxConcurrency);
        checkPositive("rpc.max-streams", maxStreams);
        checkPositive("rpc.aimd.min-concurrency", minConcurrency);
        checkPositive("rpc.rate-limit.max-callers", maxCallers);
        if (backoffPercent < MIN_BACKOFF || backoffPercent > 99) {
            throw new IllegalArgumentException(
                    "rpc.aimd.backoff-percent: %d (expected: %d to 99)"
                            .formatted(backoffPercent, MIN_BACKOFF));
        }
        if (!overloadAfter.isPositive()) {
            throw new IllegalArgumentException(
                    "rpc.aimd.timeout: %s (expected: > 0)".formatted(overloadAfter));
        }
    }

    /// The defaults, with so many calls of each sort.
    public static LimitSettings atMost(int calls) {
        return new LimitSettings(
                calls, calls, 100, MIN_BACKOFF, Duration.ofSeconds(5), Optional.empty(), 100_000);
    }

    /// The same with a rate for each caller.
    public LimitSettings withPerCaller(RateLimit limit) {
        return new LimitSettings(
                maxConcurrency,
                maxStreams,
                minConcurrency,
                backoffPercent,
                overloadAfter,
                Optional.of(limit),
                maxCallers);
    }

    private static void checkPositive(String key, int value) {
        if (value < 1) {
            throw new IllegalArgumentException("%s: %d (expected: >= 1)".formatted(key, value));
        }
    }
}
