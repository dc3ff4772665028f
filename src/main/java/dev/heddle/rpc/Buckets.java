package dev.heddle.rpc;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;

/// A bucket of tokens for each caller of whom one is needed: one that has been left alone until it
/// is full is the same as none, and goes. Where there are more callers than may be known, those go
/// first who call least.
final class Buckets {
    private final RateLimit limit;
    private final Cache<String, Bucket> all;

    Buckets(RateLimit limit, int maxCallers) {
        this.limit = limit;
        this.all =
                Caffeine.newBuilder()
                        .maximumSize(maxCallers)
                        .expireAfterAccess(limit.refill())
                        .build();
    }

    RateLimit limit() {
        return limit;
    }

    /// Takes a token, if there is one.
    ConsumptionProbe take(String caller) {
        return all.get(caller, _ -> bucket()).tryConsumeAndReturnRemaining(1);
    }

    private Bucket bucket() {
        return Bucket.builder()
                .addLimit(one ->
                        one.capacity(limit.burst()).refillGreedy(limit.requests(), limit.period()))
                .build();
    }
}
