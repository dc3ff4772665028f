package dev.heddle.rpc;

import io.grpc.Status.Code;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One call, from its arrival to its last byte: who makes it, how long it may take, and whether
/// anybody still waits.
///
/// A call ends early when its deadline passes, its caller goes away or the gateway stops. Its
/// cancellation then does three things: it runs what was registered with [#onCancel], it interrupts
/// the handler's thread wherever that is not [#shielded], and it makes every later [#check], `send`
/// and `next` throw.
public final class Call {
    private static final ScopedValue<Call> CURRENT = ScopedValue.newInstance();

    private final Rpc<?, ?> rpc;
    private final Origin origin;
    private final long startNanos = System.nanoTime();
    private final Headers.Builder responseHeaders = Headers.builder();
    private final Headers.Builder responseTrailers = Headers.builder();
    private final Object lock = new Object();
    private final Set<Runnable> cancelActions = new LinkedHashSet<>();
    private final Set<Runnable> drainActions = new LinkedHashSet<>();
    private Caller caller = Caller.ANONYMOUS;
    private volatile @Nullable RpcException cancellation;
    private volatile Optional<Long> deadlineNanos = Optional.empty();
    private @Nullable Thread handler;
    private int shields;
    private boolean draining;

    /// What a facade knows of a call when it arrives.
    ///
    /// @param framing how it came, such as `grpc` or `json`: a value for metrics and logs
    /// @param headers its header fields or metadata
    /// @param peer the address that it came from
    /// @param timeout the time that the caller gives it
    public record Origin(
            String framing, Headers headers, String peer, Optional<Duration> timeout) {}

    /// A body that may throw.
    @FunctionalInterface
    public interface Body<T, E extends Exception> {
        T run() throws E;
    }

    /// What was registered and can be taken back.
    @FunctionalInterface
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /// The work of a handler.
    @FunctionalInterface
    interface Handling {
        void run() throws Exception;
    }

    Call(Rpc<?, ?> rpc, Origin origin) {
        this.rpc = rpc;
        this.origin = origin;
    }

    /// The call that the current thread serves; empty outside calls.
    public static Optional<Call> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    public Rpc<?, ?> rpc() {
        return rpc;
    }

    public Caller caller() {
        return caller;
    }

    public Headers headers() {
        return origin.headers();
    }

    public String framing() {
        return origin.framing();
    }

    public String peer() {
        return origin.peer();
    }

    /// The header fields of the answer; what is added after the first message was sent is lost.
    public Headers.Builder responseHeaders() {
        return responseHeaders;
    }

    /// The trailers of the answer, for framings that have them.
    public Headers.Builder responseTrailers() {
        return responseTrailers;
    }

    /// The time since the call arrived.
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startNanos);
    }

    /// The time left until the deadline, never negative; empty for a call without one.
    public Optional<Duration> remaining() {
        return deadlineNanos.map(
                deadline -> Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }

    public boolean isCancelled() {
        return cancellation != null;
    }

    /// Why the call was cancelled, empty while it was not.
    public Optional<RpcException> cancellation() {
        return Optional.ofNullable(cancellation);
    }

    /// Throws the reason of the cancellation if there is one.
    public void check() {
        var reason = cancellation;
        if (reason != null) {
            throw reason;
        }
    }

    /// Has an action run, once, on a thread of its own, when the call is cancelled: at once if it
    /// is already.
    ///
    /// @return takes the action back if it has not begun
    public Registration onCancel(Runnable action) {
        synchronized (lock) {
            return register(action, cancelActions, cancellation != null);
        }
    }

    /// Has an action run, once, on a thread of its own, when the gateway begins to stop: at once if
    /// it has begun. A stream that has such an action gets a moment to end by itself, with a
    /// message that says goodbye or a failure of its own, before it is cancelled
    /// ([Pipeline#drain]); one that has none is cancelled without delay.
    ///
    /// @return takes the action back if it has not begun
    public Registration onDrain(Runnable action) {
        synchronized (lock) {
            return register(action, drainActions, draining);
        }
    }

    private Registration register(Runnable action, Set<Runnable> actions, boolean isDue) {
        if (isDue) {
            Thread.startVirtualThread(action);
            return () -> {};
        }
        actions.add(action);
        return () -> {
            synchronized (lock) {
                actions.remove(action);
            }
        };
    }

    /// Tells the call that the gateway stops.
    ///
    /// @return whether it wants to know
    boolean drain() {
        synchronized (lock) {
            draining = true;
            var wants = !drainActions.isEmpty();
            drainActions.forEach(Thread::startVirtualThread);
            drainActions.clear();
            return wants;
        }
    }

    /// Cancels the call; without effect if it was cancelled or has ended before.
    public void cancel(RpcException reason) {
        synchronized (lock) {
            if (cancellation != null) {
                return;
            }
            cancellation = reason;
            cancelActions.forEach(Thread::startVirtualThread);
            cancelActions.clear();
            if (handler != null && shields == 0) {
                handler.interrupt();
            }
        }
    }

    /// Cancels the call because its caller has gone.
    public void cancelByCaller() {
        cancel(new RpcException(Code.CANCELLED, "the caller has gone"));
    }

    /// Runs something that an interrupt would break, such as a database statement or a write to a
    /// socket, on the handler's thread. A cancellation meanwhile reaches it through [#onCancel]
    /// alone.
    public <T, E extends Exception> T shielded(Body<T, E> body) throws E {
        if (!raiseShield()) {
            return body.run();
        }
        try {
            return body.run();
        } finally {
            lowerShield();
        }
    }

    /// Whether the current thread is the handler's and so may be interrupted.
    private boolean raiseShield() {
        synchronized (lock) {
            if (!Thread.currentThread().equals(handler)) {
                return false;
            }
            shields++;
            clearOwnInterrupt();
            return true;
        }
    }

    private void lowerShield() {
        synchronized (lock) {
            shields--;
            if (cancellation != null && shields == 0) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void clearOwnInterrupt() {
        if (cancellation != null) {
            var _ = Thread.interrupted();
        }
    }

    void authenticatedAs(Caller caller) {
        this.caller = caller;
    }

    void expireAfter(Duration timeout) {
        deadlineNanos = Optional.of(System.nanoTime() + timeout.toNanos());
    }

    /// Runs the handler on the current thread.
    void serve(Handling handling) throws Exception {
        synchronized (lock) {
            check();
            handler = Thread.currentThread();
        }
        try {
            ScopedValue.where(CURRENT, this)
                    .call(() -> {
                        handling.run();
                        return this;
                    });
        } finally {
            synchronized (lock) {
                handler = null;
                clearOwnInterrupt();
            }
        }
    }
}
