package dev.heddle.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import dev.heddle.testing.Calls;
import io.grpc.Status.Code;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class CpuPoolTest {
    private final CpuPool pool = new CpuPool(new CpuPool.Settings(1, 1));
    private final CountDownLatch begun = new CountDownLatch(1);
    private final AtomicInteger ran = new AtomicInteger();

    @AfterEach
    void nothingIsLeftRunning() {
        assertThat(pool.busy()).isZero();
        assertThat(pool.waiting()).isZero();
        pool.close();
    }

    @Test
    void computationRunsOnAThreadOfThePlatform() {
        assertThat(pool.run("sum", () -> Thread.currentThread().isVirtual())).isFalse();
        awaitIdle();
    }

    /// They would, on virtual threads, of which as many run at once as there are cores.
    @Test
    void computationsOnAllCoresStallNobodyElse() throws Exception {
        var cores = Runtime.getRuntime().availableProcessors();
        try (var all = new CpuPool(new CpuPool.Settings(0, 1))) {
            var served =
                    Served.start(() -> {
                        try (var gather = Gather.open()) {
                            for (var i = 0; i < cores; i++) {
                                gather.fork("sum", () -> all.run("sum", this::computeForEver));
                            }
                            return gather.fork("last", () -> 1).value()
                                    + all.run("sum", this::computeForEver);
                        }
                    });

            while (all.busy() < cores || all.waiting() == 0) {
                LockSupport.parkNanos(1_000_000);
            }

            var call = new CompletableFuture<Integer>();
            Thread.startVirtualThread(() -> call.complete(7));

            assertThat(call.get()).isEqualTo(7);
            served.cancel();
            assertThat(served.failure().orElseThrow().code()).isEqualTo(Code.CANCELLED);
        }
    }

    @Test
    void failureIsThatOfTheBody() {
        var failure = new IllegalStateException("of the body");

        assertThatThrownBy(() ->
                        pool.run(
                                "sum",
                                () -> {
                                    throw failure;
                                }))
                .isSameAs(failure);
        awaitIdle();
    }

    @Test
    void computationThatIsCancelledIsInterruptedAndHasEnded() throws Exception {
        var served = Served.start(() -> pool.run("sum", this::computeForEver));
        begun.await();

        served.cancel();

        assertThat(served.failure().orElseThrow().code()).isEqualTo(Code.CANCELLED);
        assertThat(ran).hasValue(1);

        awaitIdle();
        assertThat(pool.run("sum", () -> Thread.currentThread().isInterrupted())).isFalse();
        awaitIdle();
    }

    @Test
    void computationThatWaitsWhenItIsCancelledNeverBegins() throws Exception {
        var go = new CountDownLatch(1);
        var first = CompletableFuture.supplyAsync(() -> pool.run("sum", () -> await(go)));
        begun.await();
        var served = Served.start(() -> pool.run("sum", ran::incrementAndGet));
        awaitWaiting();

        served.cancel();

        assertThat(served.failure().orElseThrow().code()).isEqualTo(Code.CANCELLED);

        go.countDown();
        assertThat(first.get()).isTrue();
        assertThat(ran).hasValue(0);
        awaitIdle();
    }

    @Test
    void computationBeyondTheQueueIsRefused() throws Exception {
        var go = new CountDownLatch(1);
        var first = CompletableFuture.supplyAsync(() -> pool.run("sum", () -> await(go)));
        begun.await();
        var second = CompletableFuture.supplyAsync(() -> pool.run("sum", ran::incrementAndGet));
        awaitWaiting();

        var failure = Calls.failure(() -> pool.run("sum", ran::incrementAndGet));

        assertThat(failure.code()).isEqualTo(Code.RESOURCE_EXHAUSTED);
        assertThat(failure.reason()).contains(RpcException.OVERLOADED);
        go.countDown();
        assertThat(first.get()).isTrue();
        assertThat(second.get()).isOne();
        awaitIdle();
    }

    private int computeForEver() {
        begun.countDown();
        while (!Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
        ran.incrementAndGet();
        Task.current().orElseThrow().check();
        return 0;
    }

    private boolean await(CountDownLatch latch) {
        begun.countDown();
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void awaitWaiting() {
        while (pool.waiting() == 0) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /// The caller has the result a moment before the thread is free.
    private void awaitIdle() {
        while (pool.busy() > 0) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
