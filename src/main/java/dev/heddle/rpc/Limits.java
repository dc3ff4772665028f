package dev.heddle.rpc;

import io.grpc.Status.Code;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/// How many calls may run at once: of those that answer once, in an [AdaptiveLimit]; of those with
/// streams, whose long life tells nothing of the load, in a fixed one; and of one method. A call
/// beyond that is refused at once, never queued.
final class Limits {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final AdaptiveLimit unary;
    private final Semaphore streams;
    private final int maxStreams;
    private final Map<String, Semaphore> byMethod = new ConcurrentHashMap<>();

    Limits(LimitSettings settings, MeterRegistry meters) {
        this.unary = new AdaptiveLimit(settings);
        this.maxStreams = settings.maxStreams();
        this.streams = new Semaphore(maxStreams);
        Gauge.builder("rpc.server.free", unary, AdaptiveLimit::free)
                .description("calls that answer once and could begin now")
                .register(meters);
    }

    /// Takes a place for a call.
    ///
    /// @throws RpcException RESOURCE_EXHAUSTED if there is none
    Place acquire(Rpc<?, ?> rpc) {
        var place = rpc instanceof Rpc.Unary ? unaryPlace() : streamPlace();
        var bound = rpc.contract().policy().maxConcurrency();
        if (bound == 0) {
            return place;
        }
        var places = byMethod.computeIfAbsent(rpc.contract().name(), _ -> new Semaphore(bound));
        if (!places.tryAcquire()) {
            var refusal =
                    exhausted("%s serves %d calls already".formatted(rpc.contract().name(), bound));
            place.leave(Optional.of(refusal));
            throw refusal;
        }
        return failure -> {
            places.release();
            place.leave(failure);
        };
    }

    private Place unaryPlace() {
        return unary.tryAcquire()
                .orElseThrow(() -> exhausted("the gateway serves as many calls as it can already"));
    }

    private Place streamPlace() {
        if (!streams.tryAcquire()) {
            throw exhausted("the gateway serves %d streams already".formatted(maxStreams));
        }
        return _ -> streams.release();
    }

    private static RpcException exhausted(String message) {
        return new RpcException(Code.RESOURCE_EXHAUSTED, message)
                .withReason(RpcException.OVERLOADED)
                .withRetryAfter(RETRY_AFTER);
    }
}
