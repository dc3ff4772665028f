package dev.heddle.rpc;

import io.grpc.Status.Code;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Work on one thread that may come to be unwanted: a [Call], a part of one that runs on another
/// thread, or work of the gateway's own. It says how much time there is, and reaches whatever the
/// work waits for when it is cancelled.
///
/// A cancellation does three things: it runs what was registered with [#onCancel], it interrupts
/// the task's thread wherever that is not [#shielded], and it makes every later [#check] throw. A
/// part is cancelled with the task that it is a part of, and never the other way round.
public sealed class Task permits Call {
    /// The reason of a part that used up its own time.
    public static final String TIMED_OUT = "TIMED_OUT";

    private static final ScopedValue<Task> CURRENT = ScopedValue.newInstance();

    private final Optional<Task> parent;
    private final Optional<Duration> timeout;
    private final Object lock = new Object();
    private final Actions cancelActions = new Actions();
    private volatile @Nullable RpcException cancellation;
    private volatile Optional<Long> deadlineNanos;
    private @Nullable Thread thread;
    private int shields;

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

    Task() {
        this(Optional.empty(), Optional.empty());
    }

    private Task(Optional<Task> parent, Optional<Duration> timeout) {
        this.parent = parent;
        this.timeout = timeout;
        this.deadlineNanos = parent.flatMap(task -> task.deadlineNanos);
        timeout.ifPresent(this::expireAfter);
    }

    /// What the current thread does; empty where nobody could cancel it.
    public static Optional<Task> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    /// A part of the current task, for another thread to [#run]. Where there is no current task it
    /// is one of its own.
    public static Task part() {
        return new Task(current(), Optional.empty());
    }

    /// A part of the current task that has a time of its own, from now, and fails with
    /// DEADLINE_EXCEEDED, reason [#TIMED_OUT], after it.
    public static Task part(Duration timeout) {
        return new Task(current(), Optional.of(timeout));
    }

    /// A task that is no part of the current one: nothing but its own time and [#cancel] ends it.
    public static Task detached(Duration timeout) {
        return new Task(Optional.empty(), Optional.of(timeout));
    }

    /// The call that the task belongs to, empty for work of the gateway's own.
    public Optional<Call> call() {
        return parent.flatMap(Task::call);
    }

    /// The time left until the deadline, never negative; empty for a task without one.
    public Optional<Duration> remaining() {
        return deadlineNanos.map(
                deadline -> Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    }

    public boolean isCancelled() {
        return cancellation != null;
    }

    /// Why the task was cancelled, empty while it was not.
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

    /// Has an action run, once, on a thread of its own, when the task is cancelled: at once if it
    /// is already.
    ///
    /// @return takes the action back if it has not begun
    public Registration onCancel(Runnable action) {
        return cancelActions.add(action);
    }

    /// Cancels the task; without effect if it was cancelled or has ended before.
    public void cancel(RpcException reason) {
        synchronized (lock) {
            if (cancellation != null) {
                return;
            }
            cancellation = reason;
            cancelActions.fire();
            if (thread != null && shields == 0) {
                thread.interrupt();
            }
        }
    }

    /// Runs the work on the current thread.
    ///
    /// @throws RpcException the reason of the cancellation, if that came first
    /// @throws IllegalStateException if the task runs already
    public <T, E extends Exception> T run(Body<T, E> body) throws E {
        if (parent.isEmpty()) {
            return runTimed(body);
        }
        var whole = parent.get();
        whole.check();
        // on the thread of the whole an interrupt is for the part to give, which has shields of its
        // own
        try (var _ = whole.onCancel(() -> cancel(whole.cancellation().orElseThrow()))) {
            return whole.shielded(() -> runTimed(body));
        }
    }

    /// Runs something that an interrupt would break, such as a database statement or a write to a
    /// socket, on the task's thread. A cancellation meanwhile reaches it through [#onCancel] alone.
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

    void expireAfter(Duration timeout) {
        var deadline = System.nanoTime() + Deadlines.bounded(timeout).toNanos();
        deadlineNanos =
                Optional.of(
                        deadlineNanos.filter(present -> present - deadline < 0).orElse(deadline));
    }

    private <T, E extends Exception> T runTimed(Body<T, E> body) throws E {
        try (var _ = startTimer()) {
            enter();
            try {
                return ScopedValue.where(CURRENT, this).call(body::run);
            } finally {
                leave();
            }
        }
    }

    private Registration startTimer() {
        if (timeout.isEmpty()) {
            return () -> {};
        }
        return Deadlines.after(remaining().orElseThrow(), () -> cancel(timedOut(timeout.get())));
    }

    private static RpcException timedOut(Duration timeout) {
        return new RpcException(
                        Code.DEADLINE_EXCEEDED,
                        "no answer within %d ms".formatted(timeout.toMillis()))
                .withReason(TIMED_OUT);
    }

    private void enter() {
        synchronized (lock) {
            check();
            if (thread != null) {
                throw new IllegalStateException("a task that runs (expected: one run at a time)");
            }
            thread = Thread.currentThread();
        }
    }

    private void leave() {
        synchronized (lock) {
            thread = null;
            clearOwnInterrupt();
        }
    }

    /// Whether the current thread is the task's and so may be interrupted.
    private boolean raiseShield() {
        synchronized (lock) {
            if (!Thread.currentThread().equals(thread)) {
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
}
