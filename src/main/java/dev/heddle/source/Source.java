package dev.heddle.source;

import dev.heddle.async.Bulkhead;
import dev.heddle.async.Part;
import dev.heddle.async.Race;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import io.grpc.Status.Code;
import io.helidon.faulttolerance.CircuitBreaker;
import io.helidon.faulttolerance.CircuitBreakerOpenException;
import io.helidon.faulttolerance.Retry;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// Another server that is asked about things by their ids.
///
/// A request is tried again where that may help and the budget has it; it fails at once where the
/// server has failed so often that it is left alone for a while, and where too many ask it already.
/// The current [Task] bounds it as a whole, and its cancellation ends it at the other server too,
/// which sees its connection closed.
public final class Source {
    /// The reason of a failure of a server that is down, or left alone because it was.
    public static final String UNAVAILABLE = "SOURCE_UNAVAILABLE";

    /// The reason of a failure of a server whose answer can't be used.
    public static final String BROKEN = "SOURCE_BROKEN";

    private static final Duration UNBOUNDED = Duration.ofDays(1);

    private final String name;
    private final Template template;
    private final Fetch fetch;
    private final Settings settings;
    private final Bulkhead bulkhead;
    private final Budget budget;
    private final Latencies latencies = new Latencies();
    private final CircuitBreaker breaker;
    private final Retry retry;
    private final Timer succeeded;
    private final Timer failed;

    Source(String name, Template template, Fetch fetch, Settings settings, MeterRegistry meters) {
        this.name = name;
        this.template = template;
        this.fetch = fetch;
        this.settings = settings;
        this.bulkhead = new Bulkhead(name, settings.bulkhead());
        this.budget = new Budget(settings.budgetPercent());
        this.breaker =
                CircuitBreaker.builder()
                        .name(name)
                        .errorRatio(settings.breakerPercent())
                        .volume(settings.breakerVolume())
                        .delay(settings.breakerPause())
                        .addApplyOn(TransientException.class)
                        .build();
        this.retry =
                Retry.builder()
                        .name(name)
                        .addApplyOn(TransientException.class)
                        .overallTimeout(UNBOUNDED)
                        .retryPolicy((_, _, call) -> pauseBefore(call))
                        .build();
        this.succeeded = timer("success", meters);
        this.failed = timer("failure", meters);
        Gauge.builder("source.busy", bulkhead, Bulkhead::busy)
                .description("requests to another server that are under way")
                .tag("source", name)
                .register(meters);
        Gauge.builder("source.waiting", bulkhead, Bulkhead::waiting)
                .description("requests to another server that wait for their turn")
                .tag("source", name)
                .register(meters);
    }

    public String name() {
        return name;
    }

    /// What the server says of something.
    ///
    /// @param id of the thing
    /// @return the body of the answer
    /// @throws RpcException NOT_FOUND; UNAVAILABLE, reason [#UNAVAILABLE]; DEADLINE_EXCEEDED,
    ///   reason [Task#TIMED_OUT]; RESOURCE_EXHAUSTED, reason [RpcException#OVERLOADED]; INTERNAL,
    ///   reason [#BROKEN]; the cancellation of the current task
    public String get(String id) {
        budget.earn();
        try {
            return retry.invoke(() -> breaker.invoke(() -> attempt(id)));
        } catch (TransientException e) {
            throw e.reason();
        } catch (CircuitBreakerOpenException e) {
            throw new RpcException(Code.UNAVAILABLE, "the source has failed too often of late")
                    .withReason(UNAVAILABLE)
                    .withRetryAfter(settings.breakerPause())
                    .withCause(e);
        }
    }

    /// The same, for those who would rather ask twice than wait: where the answer takes longer than
    /// all but one of twenty did of late, and the budget has it, the server is asked a second time,
    /// and the first answer counts.
    public String hedged(String id) {
        var patience = latencies.p95();
        if (patience.isEmpty()) {
            return get(id);
        }
        try (var race = Race.<String>open()) {
            var first = race.enter(name, () -> get(id));
            if (!race.isDecidedWithin(patience.get()) && budget.tryTake()) {
                race.enter(name + " again", () -> get(id));
            }
            return race.winner().map(Part::value).orElseGet(first::value);
        }
    }

    private String attempt(String id) {
        try (var _ = bulkhead.enter()) {
            return ask(id);
        }
    }

    private String ask(String id) {
        var part = Task.part(settings.timeout());
        var start = System.nanoTime();
        var timer = failed;
        try {
            var body = part.run(() -> fetch.get(template.of(id)));
            latencies.add(Duration.ofNanos(System.nanoTime() - start));
            timer = succeeded;
            return body;
        } catch (RuntimeException e) {
            Task.current().ifPresent(Task::check);
            throw failure(e, part.cancellation());
        } finally {
            timer.record(Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /// @param timedOut set if the try used up its time, whatever else it failed of then
    private static RuntimeException failure(
            RuntimeException failure, Optional<RpcException> timedOut) {
        if (timedOut.isPresent()) {
            return new TransientException(timedOut.get(), failure);
        }
        return switch (failure) {
            case RpcException e -> e;
            case TransientException e -> e;
            // the client has no common type for what goes wrong on the wire
            default -> TransientException.unreachable(failure);
        };
    }

    /// @param call the number of the try that comes, from 1
    /// @return empty if there is to be none
    private Optional<Long> pauseBefore(int call) {
        if (call > settings.maxRetries() || !budget.tryTake()) {
            return Optional.empty();
        }
        var longest = settings.firstPause().toMillis() << Math.min(call - 1, 10);
        return Optional.of(ThreadLocalRandom.current().nextLong(longest + 1));
    }

    private Timer timer(String outcome, MeterRegistry meters) {
        return Timer.builder("source.duration")
                .description("how long another server took to answer")
                .tag("source", name)
                .tag("outcome", outcome)
                .register(meters);
    }
}
