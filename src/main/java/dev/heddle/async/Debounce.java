package dev.heddle.async;

import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import io.grpc.Status.Code;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Turns many signals into few actions: one when the signals have paused, and one after the longest
/// wait where they never do. An action sees all that happened before the last signal ahead of it,
/// and no two run at once.
///
/// An action that fails is logged; the next signal brings the next one.
public final class Debounce implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(Debounce.class.getName());

    private final String name;
    private final Settings settings;
    private final Action action;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;
    private Optional<Task> running = Optional.empty();
    private boolean signalled;
    private boolean closed;
    private long firstNanos;
    private long lastNanos;

    /// The times.
    ///
    /// @param quiet how long the signals must pause; more than zero
    /// @param maxWait how long an action is put off at most; at least `quiet`
    /// @param timeout how long an action may take, more than zero: then it is cancelled
    public record Settings(Duration quiet, Duration maxWait, Duration timeout) {
        public Settings {
            Bounds.check(quiet.isPositive(), "quiet", quiet, "> 0");
            Bounds.check(maxWait.compareTo(quiet) >= 0, "max-wait", maxWait, ">= " + quiet);
            Bounds.check(timeout.isPositive(), "timeout", timeout, "> 0");
        }
    }

    /// What is done.
    @FunctionalInterface
    public interface Action {
        void run() throws Exception;
    }

    private Debounce(String name, Settings settings, Action action) {
        this.name = name;
        this.settings = settings;
        this.action = action;
        this.thread = Thread.ofVirtual().name(name).unstarted(this::run);
    }

    /// Waits for signals, on a thread of its own, until it is closed.
    ///
    /// @param name of what is done, for logs
    public static Debounce start(String name, Settings settings, Action action) {
        var debounce = new Debounce(name, settings, action);
        debounce.thread.start();
        return debounce;
    }

    /// Asks for an action. Never waits.
    public void signal() {
        lock.lock();
        try {
            lastNanos = System.nanoTime();
            if (!signalled) {
                signalled = true;
                firstNanos = lastNanos;
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Cancels an action that runs, and waits until it has ended; drops one that is due.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
            running.ifPresent(
                    task -> task.cancel(new RpcException(Code.CANCELLED, name + " is stopping")));
        } finally {
            lock.unlock();
        }
        Waits.join(thread);
    }

    private void run() {
        try {
            while (true) {
                var task = next();
                if (task.isEmpty()) {
                    return;
                }
                act(task.get());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(name + " was interrupted between its actions", e);
        }
    }

    /// Waits until an action is due; empty when there is none to come.
    private Optional<Task> next() throws InterruptedException {
        lock.lock();
        try {
            running = Optional.empty();
            while (!closed && untilDue() > 0) {
                if (signalled) {
                    var _ = changed.await(untilDue(), TimeUnit.NANOSECONDS);
                } else {
                    changed.await();
                }
            }
            signalled = false;
            running = closed ? Optional.empty() : Optional.of(Task.detached(settings.timeout()));
            return running;
        } finally {
            lock.unlock();
        }
    }

    private long untilDue() {
        if (!signalled) {
            return Long.MAX_VALUE;
        }
        var now = System.nanoTime();
        return Math.min(
                lastNanos + settings.quiet().toNanos() - now,
                firstNanos + settings.maxWait().toNanos() - now);
    }

    private void act(Task task) {
        try {
            var _ =
                    task.run(() -> {
                        action.run();
                        return task;
                    });
        } catch (Exception e) {
            if (!isClosed()) {
                LOGGER.log(Level.WARNING, name + " failed", e);
            }
        } finally {
            // one that the action left behind is not meant for the wait that follows
            var _ = Thread.interrupted();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }
}
