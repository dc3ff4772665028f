package dev.heddle.async;

import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/// Does several things at once and tells of each how it ended: one that fails leaves the others
/// alone.
///
/// ```java
/// try (var gather = Gather.open()) {
///     var profile = gather.fork("profile", () -> profiles.get(id));
///     var posts = gather.fork("posts", Duration.ofMillis(300), () -> posts.of(id));
///     return page(profile.value(), posts.outcome());
/// }
/// ```
///
/// Each part is a [Task] within the current one: it ends with the call at the latest. What still
/// runs when the gathering is closed is cancelled, and has ended when that returns. One thread
/// opens a gathering, forks and closes.
public final class Gather implements AutoCloseable {
    private final Parts<Part<?>> parts = new Parts<>();
    private final Semaphore places;

    private Gather(int parallelism) {
        if (parallelism < 1) {
            throw new IllegalArgumentException(
                    "parallelism: %d (expected: >= 1)".formatted(parallelism));
        }
        this.places = new Semaphore(parallelism);
    }

    /// A gathering in which all parts run at once.
    public static Gather open() {
        return new Gather(Integer.MAX_VALUE);
    }

    /// A gathering in which so many parts run at once at most.
    public static Gather open(int parallelism) {
        return new Gather(parallelism);
    }

    /// Does the same for each item, for so many at once at most.
    ///
    /// @param what names what is done, for logs
    /// @return how it went, in the order of the items
    /// @throws RpcException if the wait was interrupted
    public static <A, T> List<Outcome<T>> each(
            String what, Collection<A> items, int parallelism, Function<A, T> body) {
        try (var gather = open(parallelism)) {
            var parts = new ArrayList<Part<T>>(items.size());
            for (var item : items) {
                parts.add(gather.fork(what, () -> body.apply(item)));
            }
            return parts.stream().map(Part::outcome).toList();
        }
    }

    /// Starts a part; waits while as many run as may.
    ///
    /// @param name tells it from the others, in logs too
    /// @throws RpcException if the wait was interrupted
    public <T> Part<T> fork(String name, Callable<T> body) {
        return fork(name, Task.part(), body);
    }

    /// Starts a part that has a time of its own, after which it fails with DEADLINE_EXCEEDED,
    /// reason [Task#TIMED_OUT].
    public <T> Part<T> fork(String name, Duration timeout, Callable<T> body) {
        return fork(name, Task.part(timeout), body);
    }

    private <T> Part<T> fork(String name, Task task, Callable<T> body) {
        try {
            places.acquire();
        } catch (InterruptedException _) {
            throw Waits.interrupted(name);
        }
        var part = new Part<>(name, task, body, _ -> places.release());
        parts.start(part);
        return part;
    }

    @Override
    public void close() {
        parts.close();
    }
}
