package dev.heddle.async;

import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Bounds how many do something at once, how many wait for it and how long.
///
/// Not Helidon's, whose queue has no bound in time: here the call's deadline ends a wait, and its
/// cancellation gives the place in the queue to somebody else.
public final class Bulkhead {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final String name;
    private final Settings settings;
    private final Semaphore places;
    private final AtomicInteger waiting = new AtomicInteger();

    /// The bounds.
    ///
    /// @param concurrency how many at once; at least 1
    /// @param queue how many may wait for a place; at least 0
    /// @param maxWait how long one waits at most, at least 0
    public record Settings(int concurrency, int queue, Duration maxWait) {
        public Settings {
            Bounds.check(concurrency >= 1, "concurrency", concurrency, ">= 1");
            Bounds.check(queue >= 0, "queue", queue, ">= 0");
            Bounds.check(!maxWait.isNegative(), "max-wait", maxWait, ">= 0");
        }
    }

    /// A place, until it is closed.
    @FunctionalInterface
    public interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /// A bulkhead in which every place is free.
    ///
    /// @param name of what is guarded, for those who are refused
    public Bulkhead(String name, Settings settings) {
        this.name = name;
        this.settings = settings;
        this.places = new Semaphore(settings.concurrency(), true);
    }

    /// Takes a place; waits for one if there is room to wait.
    ///
    /// @throws RpcException RESOURCE_EXHAUSTED, reason [RpcException#OVERLOADED]; the call's
    ///   cancellation; DEADLINE_EXCEEDED if the call has no time left to wait
    public Place enter() {
        try {
            // without a time it would take the place of those who wait
            if (!places.tryAcquire(0, TimeUnit.NANOSECONDS)) {
                awaitPlace();
            }
        } catch (InterruptedException _) {
            throw Waits.interrupted(name);
        }
        var held = new AtomicBoolean(true);
        return () -> {
            if (held.getAndSet(false)) {
                places.release();
            }
        };
    }

    /// How many places are taken now.
    public int busy() {
        return settings.concurrency() - places.availablePermits();
    }

    /// How many wait for a place now.
    public int waiting() {
        return waiting.get();
    }

    private void awaitPlace() throws InterruptedException {
        if (waiting.incrementAndGet() > settings.queue()) {
            waiting.decrementAndGet();
            throw exhausted("%d at once, and %d wait already");
        }
        try {
            var wait = Waits.bounded(settings.maxWait());
            if (places.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
            Task.current().ifPresent(Task::check);
            if (wait.compareTo(settings.maxWait()) < 0) {
                throw new RpcException(
                        Code.DEADLINE_EXCEEDED, "the deadline passed while waiting for " + name);
            }
            throw exhausted("%d at once, with room for %d to wait");
        } finally {
            waiting.decrementAndGet();
        }
    }

    private RpcException exhausted(String bounds) {
        return new RpcException(
                        Code.RESOURCE_EXHAUSTED,
                        "%s is busy: ".formatted(name)
                                + bounds.formatted(settings.concurrency(), settings.queue()))
                .withReason(RpcException.OVERLOADED)
                .withRetryAfter(RETRY_AFTER);
    }
}
