package dev.heddle.async;

import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import io.grpc.Status.Code;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/// What one thread of a [CpuPool] computes for another, which waits.
final class Computation<T> implements Runnable {
    private final String name;
    private final Supplier<T> body;
    private final Task task = Task.part();
    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final CountDownLatch ended = new CountDownLatch(1);

    Computation(String name, Supplier<T> body) {
        this.name = name;
        this.body = body;
    }

    @Override
    public void run() {
        try {
            result.complete(task.run(body::get));
        } catch (Throwable e) {
            // whatever it is: the thread that waits is the one to fail of it
            result.completeExceptionally(e);
        } finally {
            // one that the body left behind is not meant for the next computation
            var _ = Thread.interrupted();
            ended.countDown();
        }
    }

    /// What was computed.
    T await() {
        try {
            return result.get();
        } catch (InterruptedException _) {
            throw Waits.interrupted(name);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(name + " broke", e.getCause());
        }
    }

    /// Notes that it will never run.
    void forget() {
        ended.countDown();
    }

    /// Cancels it if it runs, and waits until it has ended.
    void end() {
        task.cancel(new RpcException(Code.CANCELLED, "not needed any more"));
        Waits.await(ended);
    }
}
