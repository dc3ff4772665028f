package dev.heddle.async;

import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Does several things at once for the sake of the first that succeeds; one that fails is out of
/// the race.
///
/// ```java
/// try (var race = Race.<Offer>open()) {
///     stores.forEach(store -> race.enter(store.name(), () -> store.offer(product)));
///     return race.winner().orElseThrow(() -> noOffer(race.entered())).value();
/// }
/// ```
///
/// Each runner is a [Task] within the current one. Those who still run when the race is closed are
/// cancelled, and have ended when that returns. One thread opens a race, enters runners and closes.
///
/// @param <T> what a runner yields
public final class Race<T> implements AutoCloseable {
    private final Parts<Part<T>> runners = new Parts<>();
    private final BlockingQueue<Part<T>> arrivals = new LinkedBlockingQueue<>();
    private int running;
    private Optional<Part<T>> winner = Optional.empty();

    private Race() {}

    public static <T> Race<T> open() {
        return new Race<>();
    }

    /// Starts a runner.
    ///
    /// @param name tells it from the others, in logs too
    public Part<T> enter(String name, Callable<T> body) {
        return enter(name, Task.part(), body);
    }

    /// Starts a runner that has a time of its own, after which it fails with DEADLINE_EXCEEDED,
    /// reason [Task#TIMED_OUT].
    public Part<T> enter(String name, Duration timeout, Callable<T> body) {
        return enter(name, Task.part(timeout), body);
    }

    /// The first who succeeded; waits for that. Empty if all have failed.
    ///
    /// @throws RpcException if the wait was interrupted
    public Optional<Part<T>> winner() {
        try {
            while (isOpen()) {
                arrived(arrivals.take());
            }
            return winner;
        } catch (InterruptedException _) {
            throw Waits.interrupted("the first to succeed");
        }
    }

    /// Waits until one has succeeded or all have failed.
    ///
    /// @return whether that happened within the time
    /// @throws RpcException if the wait was interrupted
    public boolean isDecidedWithin(Duration time) {
        var end = System.nanoTime() + time.toNanos();
        try {
            while (isOpen()) {
                var next = arrivals.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (next == null) {
                    return false;
                }
                arrived(next);
            }
            return true;
        } catch (InterruptedException _) {
            throw Waits.interrupted("the first to succeed");
        }
    }

    /// All who have entered, in that order.
    public List<Part<T>> entered() {
        return runners.started();
    }

    @Override
    public void close() {
        runners.close();
    }

    private Part<T> enter(String name, Task task, Callable<T> body) {
        running++;
        return runners.start(new Part<>(name, task, body, arrivals::add));
    }

    private boolean isOpen() {
        return winner.isEmpty() && running > 0;
    }

    private void arrived(Part<T> runner) {
        running--;
        if (runner.outcome() instanceof Outcome.Success) {
            winner = Optional.of(runner);
        }
    }
}
