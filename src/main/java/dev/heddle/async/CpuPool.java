package dev.heddle.async;

import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Runs what computes for long on a few threads of the platform.
///
/// A virtual thread that computes keeps its carrier, of which there are as many as cores: a handful
/// of computations would stall every other call. Here they take turns, and the operating system
/// shares the cores between them and the calls.
public final class CpuPool implements AutoCloseable {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final Settings settings;
    private final ThreadPoolExecutor threads;

    /// The bounds.
    ///
    /// @param threads how many computations run at once; 0 to 1,000, default 0: as many as there
    ///   are cores; key `cpu.threads`
    /// @param queue how many wait for a thread; 1 to 100,000, default 64; key `cpu.queue`
    public record Settings(int threads, int queue) {
        public static final Settings DEFAULT = new Settings(0, 64);

        public Settings {
            Bounds.check(threads >= 0 && threads <= 1000, "cpu.threads", threads, "0 to 1000");
            Bounds.check(queue >= 1 && queue <= 100_000, "cpu.queue", queue, "1 to 100000");
        }

        private int count() {
            return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        }
    }

    public CpuPool(Settings settings) {
        this.settings = settings;
        this.threads =
                new ThreadPoolExecutor(
                        settings.count(),
                        settings.count(),
                        1,
                        TimeUnit.MINUTES,
                        new ArrayBlockingQueue<>(settings.queue()),
                        Thread.ofPlatform().name("heddle-cpu-", 0).daemon().factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /// Computes something; waits for it.
    ///
    /// The computation is a [dev.heddle.rpc.Task] within the current one. If that is cancelled
    /// meanwhile the computation's thread is interrupted, and this returns when it has ended: one
    /// that takes long has to [dev.heddle.rpc.Task#check] every now and then. One that has not
    /// begun never does.
    ///
    /// @param name what is computed, for messages
    /// @throws RpcException RESOURCE_EXHAUSTED, reason [RpcException#OVERLOADED]; the cancellation
    public <T> T run(String name, Supplier<T> body) {
        var computation = new Computation<>(name, body);
        try {
            threads.execute(computation);
        } catch (RejectedExecutionException _) {
            throw exhausted(name);
        }
        try {
            return computation.await();
        } finally {
            if (threads.remove(computation)) {
                computation.forget();
            }
            computation.end();
        }
    }

    /// How many computations run now.
    public int busy() {
        return threads.getActiveCount();
    }

    /// How many computations wait for a thread now.
    public int waiting() {
        return threads.getQueue().size();
    }

    /// Ends the threads. To be called when nobody waits for a computation any more.
    @Override
    public void close() {
        threads.close();
    }

    private RpcException exhausted(String name) {
        return new RpcException(
                        Code.RESOURCE_EXHAUSTED,
                        "no processor for %s: %d compute, and %d wait already"
                                .formatted(name, settings.count(), settings.queue()))
                .withReason(RpcException.OVERLOADED)
                .withRetryAfter(RETRY_AFTER);
    }
}
