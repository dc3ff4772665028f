package dev.heddle.async;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.heddle.rpc.Failures;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// The loading of one value, for all who wait for it. It is a task of its own, so that none of them
/// takes it along when they go; when the last one goes it has no purpose left, and is cancelled.
final class Flight<V> extends CompletableFuture<Flight.Landed<V>> {
    private final String name;
    private final Task task;
    private final Callable<V> loader;
    private final Ticker ticker;
    private final Consumer<Flight<V>> forget;
    private final Thread thread;
    private final AtomicBoolean started = new AtomicBoolean();
    private int waiting;
    private boolean abandoned;

    /// How it ended.
    ///
    /// @param outcome what the loading came to
    /// @param nanos when
    record Landed<V>(Outcome<V> outcome, long nanos) {}

    /// A flight that has not begun.
    ///
    /// @param forget takes the flight out of the cache
    Flight(
            String name,
            Duration timeout,
            Callable<V> loader,
            Ticker ticker,
            Consumer<Flight<V>> forget) {
        this.name = name;
        this.task = Task.detached(timeout);
        this.loader = loader;
        this.ticker = ticker;
        this.forget = forget;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    /// Starts the loading, if nobody else has.
    void start() {
        if (!started.getAndSet(true)) {
            thread.start();
        }
    }

    /// Joins those who wait for the value, until [#leave].
    ///
    /// @return false, and nobody joined, if it will never come
    synchronized boolean board() {
        if (abandoned) {
            return false;
        }
        waiting++;
        return true;
    }

    /// How many wait for the value now.
    synchronized int waiting() {
        return waiting;
    }

    /// What came of it; waits for that, until the current task is cancelled or out of time.
    Landed<V> await() {
        try {
            return get();
        } catch (InterruptedException _) {
            throw Waits.interrupted(name);
        } catch (ExecutionException e) {
            throw new IllegalStateException(name + " broke", e.getCause());
        }
    }

    /// Waits no more.
    void leave() {
        if (isLastToLeave()) {
            forget.accept(this);
            task.cancel(new RpcException(Code.CANCELLED, "nobody waits any more"));
            Waits.join(thread);
        }
    }

    private synchronized boolean isLastToLeave() {
        waiting--;
        abandoned |= waiting == 0 && !isDone();
        return waiting == 0 && abandoned;
    }

    private void run() {
        try {
            complete(new Landed<>(load(), ticker.read()));
        } catch (Throwable e) {
            // an Error: the threads that wait are the ones to die of it
            completeExceptionally(e);
        }
    }

    private Outcome<V> load() {
        var start = System.nanoTime();
        try {
            return new Outcome.Success<>(task.<V, Exception>run(loader::call), since(start));
        } catch (Exception | StackOverflowError e) {
            // before anybody learns of it: who asks after that is to find nothing
            forget.accept(this);
            return new Outcome.Failure<>(
                    task.cancellation().orElseGet(() -> Failures.toRpcException(e, name)),
                    since(start));
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
