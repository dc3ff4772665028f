package dev.heddle.rpc;

import io.grpc.Status.Code;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// How many calls may run at once, in all and of one method. A call beyond that is refused at once,
/// never queued.
final class Limits {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Semaphore total;
    private final int maxTotal;
    private final Map<String, Semaphore> byMethod = new ConcurrentHashMap<>();

    Limits(int maxTotal) {
        this.total = new Semaphore(maxTotal);
        this.maxTotal = maxTotal;
    }

    /// Takes a place for a call; to be given back by closing it.
    ///
    /// @throws RpcException RESOURCE_EXHAUSTED if there is none
    Task.Registration acquire(Rpc<?, ?> rpc) {
        if (!total.tryAcquire()) {
            throw exhausted("the gateway serves %d calls already".formatted(maxTotal));
        }
        var bound = rpc.contract().policy().maxConcurrency();
        if (bound == 0) {
            return total::release;
        }
        var places = byMethod.computeIfAbsent(rpc.contract().name(), _ -> new Semaphore(bound));
        if (!places.tryAcquire()) {
            total.release();
            throw exhausted("%s serves %d calls already".formatted(rpc.contract().name(), bound));
        }
        return () -> {
            places.release();
            total.release();
        };
    }

    private static RpcException exhausted(String message) {
        return new RpcException(Code.RESOURCE_EXHAUSTED, message)
                .withReason(RpcException.OVERLOADED)
                .withRetryAfter(RETRY_AFTER);
    }
}
