package dev.heddle.rpc;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The calls that run, for the one who waits for their end.
final class ActiveCalls {
    private final Set<Call> all = ConcurrentHashMap.newKeySet();

    /// Those that were told that the gateway stops, and see to their end.
    private final Set<Call> leaving = ConcurrentHashMap.newKeySet();

    private final Object change = new Object();
    private volatile boolean awaited;

    void add(Call call) {
        all.add(call);
    }

    void remove(Call call) {
        all.remove(call);
        leaving.remove(call);
        if (awaited && leaving.isEmpty()) {
            synchronized (change) {
                change.notifyAll();
            }
        }
    }

    void forEach(Consumer<Call> action) {
        all.forEach(action);
    }

    int size() {
        return all.size();
    }

    /// @param reason a new one for each
    void cancel(Supplier<RpcException> reason) {
        all.forEach(call -> call.cancel(reason.get()));
    }

    /// Tells all calls that the gateway stops, and has streams end: by themselves where they want
    /// to, at once where they don't.
    ///
    /// @param grace how long they have if they want to
    /// @param reason why they are cancelled otherwise: a new one for each
    void endStreams(Duration grace, Supplier<RpcException> reason) throws InterruptedException {
        awaited = true;
        for (var call : all) {
            if (call.rpc().streamsResponses()) {
                endStream(call, reason);
            } else {
                var _ = call.drain();
            }
        }
        var _ = await(leaving, grace);
        all.stream()
                .filter(call -> call.rpc().streamsResponses())
                .forEach(call -> call.cancel(reason.get()));
    }

    private void endStream(Call call, Supplier<RpcException> reason) {
        leaving.add(call);
        if (!call.drain()) {
            leaving.remove(call);
            call.cancel(reason.get());
        } else if (!all.contains(call)) {
            leaving.remove(call);
        }
    }

    /// Waits until no call runs.
    ///
    /// @return whether that came about in time
    boolean awaitNone(Duration bound) throws InterruptedException {
        awaited = true;
        return await(all, bound);
    }

    private boolean await(Collection<Call> calls, Duration bound) throws InterruptedException {
        var end = System.nanoTime() + bound.toNanos();
        synchronized (change) {
            while (!calls.isEmpty()) {
                var left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    return false;
                }
                change.wait(left);
            }
            return true;
        }
    }
}
