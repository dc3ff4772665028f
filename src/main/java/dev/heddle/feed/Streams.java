package dev.heddle.feed;

import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// How many places each caller has open in the log.
final class Streams {
    private final int max;
    private final Map<String, Integer> open = new ConcurrentHashMap<>();

    /// What was taken, to be given back once; more often is harmless.
    interface Place {
        void close();
    }

    Streams(int max, MeterRegistry meters) {
        this.max = max;
        Gauge.builder("feed.subscriptions", this, Streams::total)
                .description("open subscriptions")
                .register(meters);
    }

    /// Counts one more.
    ///
    /// @throws RpcException RESOURCE_EXHAUSTED, reason `TOO_MANY_STREAMS`
    Place take(String caller) {
        var count = open.merge(caller, 1, Integer::sum);
        if (count > max) {
            giveBack(caller);
            throw new RpcException(
                            Code.RESOURCE_EXHAUSTED,
                            "%d subscriptions are open (expected: at most %d a caller)"
                                    .formatted(count, max))
                    .withReason("TOO_MANY_STREAMS");
        }
        var given = new AtomicBoolean();
        return () -> {
            if (given.compareAndSet(false, true)) {
                giveBack(caller);
            }
        };
    }

    private void giveBack(String caller) {
        open.computeIfPresent(caller, (_, count) -> count == 1 ? null : count - 1);
    }

    private double total() {
        return open.values().stream().mapToInt(Integer::intValue).sum();
    }
}
