package dev.heddle.async;

import dev.heddle.rpc.Failures;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/// One of several things that are done at once, each on a virtual thread of its own.
///
/// @param <T> what it yields
public final class Part<T> {
    private final String name;
    private final Task task;
    private final Callable<T> body;
    private final Consumer<Part<T>> atEnd;
    private final CompletableFuture<Outcome<T>> outcome = new CompletableFuture<>();
    private final long startNanos = System.nanoTime();
    private final Thread thread;

    Part(String name, Task task, Callable<T> body, Consumer<Part<T>> atEnd) {
        this.name = name;
        this.task = task;
        this.body = body;
        this.atEnd = atEnd;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    /// What tells it from the others.
    public String name() {
        return name;
    }

    /// How it ended; waits for that.
    ///
    /// @throws RpcException if the wait was interrupted
    public Outcome<T> outcome() {
        try {
            return outcome.get();
        } catch (InterruptedException _) {
            throw Waits.interrupted(name);
        } catch (ExecutionException e) {
            throw new IllegalStateException(name + " broke", e.getCause());
        }
    }

    /// What it yielded; waits for that.
    ///
    /// @throws RpcException why it failed
    public T value() {
        return outcome().value();
    }

    void start() {
        thread.start();
    }

    void cancel(RpcException reason) {
        if (!outcome.isDone()) {
            task.cancel(reason);
        }
    }

    void join() {
        Waits.join(thread);
    }

    private void run() {
        try {
            outcome.complete(attempt());
        } catch (Throwable e) {
            // an Error: the thread that waits is the one to die of it
            outcome.completeExceptionally(e);
        } finally {
            atEnd.accept(this);
        }
    }

    private Outcome<T> attempt() {
        try {
            return new Outcome.Success<>(task.<T, Exception>run(body::call), time());
        } catch (Exception | StackOverflowError e) {
            return new Outcome.Failure<>(reason(e), time());
        }
    }

    private RpcException reason(Throwable failure) {
        return task.cancellation().orElseGet(() -> Failures.toRpcException(failure, name));
    }

    private Duration time() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }
}
