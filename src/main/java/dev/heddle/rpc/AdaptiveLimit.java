package dev.heddle.rpc;

import com.google.rpc.ErrorInfo;
import io.helidon.common.concurrency.limits.AimdLimit;
import io.helidon.common.concurrency.limits.LimitAlgorithm.Token;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// How many calls may run at once, found out by trying: it begins with the most, comes down by a
/// part when the gateway shows that it is overloaded, and goes up by one with each call that ends
/// well while at least half of it is in use (AIMD, as TCP has it).
///
/// It must not throttle a gateway that is well. So only these count as overload: a wait for a
/// database connection that was in vain, and a call that failed by time after `rpc.aimd.timeout`;
/// not a caller in a hurry, nor another server that is slow. Calls that failed together tell of one
/// overload, not of many: of those that began before the limit last came down, none brings it down
/// again. And Helidon's own rule, by which a call that merely takes long counts as well, is set
/// aside: some have to.
final class AdaptiveLimit {
    private static final Duration NEVER = Duration.ofDays(365);
    private static final double PERCENT = 100;

    private final AimdLimit limit;
    private final long overloadAfterNanos;
    private final AtomicLong lastDecrease = new AtomicLong(System.nanoTime());

    AdaptiveLimit(LimitSettings settings) {
        this.overloadAfterNanos = settings.overloadAfter().toNanos();
        this.limit =
                AimdLimit.builder()
                        .maxLimit(settings.maxConcurrency())
                        .initialLimit(settings.maxConcurrency())
                        .minLimit(Math.min(settings.minConcurrency(), settings.maxConcurrency()))
                        .backoffRatio(settings.backoffPercent() / PERCENT)
                        .timeout(NEVER)
                        .queueLength(0)
                        .build();
    }

    /// A place for a call; empty if there is none.
    Optional<Place> tryAcquire() {
        return limit.tryAcquire(false).map(AdaptivePlace::new);
    }

    /// How many more calls may begin now; less than zero while more run than the limit has come
    /// down to.
    int free() {
        return limit.semaphore().availablePermits();
    }

    private final class AdaptivePlace implements Place {
        private final Token token;
        private final long start = System.nanoTime();

        AdaptivePlace(Token token) {
            this.token = token;
        }

        @Override
        public void leave(Optional<RpcException> failure) {
            if (failure.isEmpty()) {
                token.success();
            } else if (isOverload(failure.get()) && isNews()) {
                // Helidon goes on counting it among those that run, which lets the limit grow a
                // little too willingly afterwards.
                token.dropped();
            } else {
                token.ignore();
            }
        }

        private boolean isOverload(RpcException failure) {
            return switch (failure.code()) {
                case RESOURCE_EXHAUSTED -> isOfTheDatabase(failure);
                case DEADLINE_EXCEEDED, UNAVAILABLE ->
                        System.nanoTime() - start >= overloadAfterNanos;
                default -> false;
            };
        }

        private boolean isNews() {
            var last = lastDecrease.get();
            return start - last > 0 && lastDecrease.compareAndSet(last, System.nanoTime());
        }
    }

    private static boolean isOfTheDatabase(RpcException failure) {
        return failure.detail(ErrorInfo.class)
                .map(ErrorInfo::getMetadataMap)
                .filter(facts -> RpcException.DATABASE.equals(facts.get(RpcException.RESOURCE)))
                .isPresent();
    }
}
