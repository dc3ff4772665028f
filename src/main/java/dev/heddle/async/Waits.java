package dev.heddle.async;

import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/// What waits have in common.
final class Waits {
    private Waits() {}

    /// What to throw where a wait was interrupted. The interrupt is kept for whoever looks next.
    ///
    /// @param what was waited for
    static RpcException interrupted(String what) {
        Thread.currentThread().interrupt();
        return Task.current()
                .flatMap(Task::cancellation)
                .orElseGet(() ->
                        new RpcException(Code.CANCELLED, "interrupted while waiting for " + what));
    }

    /// The time that a wait may take.
    static Duration bounded(Duration longest) {
        return Task.current()
                .flatMap(Task::remaining)
                .filter(left -> left.compareTo(longest) < 0)
                .orElse(longest);
    }

    /// Waits for the end of a thread that was told to end, whatever interrupts the wait: an
    /// interrupt is kept for later.
    static void join(Thread thread) {
        toTheEnd(thread::join);
    }

    /// The same for something that is counted down when it ends.
    static void await(CountDownLatch end) {
        toTheEnd(end::await);
    }

    /// A wait that an interrupt ends too early.
    @FunctionalInterface
    private interface Wait {
        void run() throws InterruptedException;
    }

    private static void toTheEnd(Wait wait) {
        var interrupted = false;
        while (true) {
            try {
                wait.run();
                break;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
