package dev.heddle.async;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.async.SingleFlightCache.Settings;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import dev.heddle.testing.Await;
import dev.heddle.testing.Calls;
import dev.heddle.testing.StoreCalls;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class SingleFlightCacheTest {
    private static final Settings MINUTE =
            new Settings(Duration.ofMinutes(1), 100, Duration.ofSeconds(20));

    private final AtomicLong now = new AtomicLong();
    private final SingleFlightCache<String, Integer> cache =
            new SingleFlightCache<>("statistics", MINUTE, now::get);
    private final AtomicInteger loads = new AtomicInteger();

    @Test
    void valueIsKeptAndTellsItsAge() {
        var first = cache.get("key", loads::incrementAndGet);
        now.addAndGet(Duration.ofSeconds(30).toNanos());
        var second = cache.get("key", loads::incrementAndGet);

        assertThat(first).isEqualTo(new Cached<>(1, false, Duration.ZERO));
        assertThat(second).isEqualTo(new Cached<>(1, true, Duration.ofSeconds(30)));
    }

    @Test
    void valueExpires() {
        var _ = cache.get("key", loads::incrementAndGet);
        now.addAndGet(Duration.ofSeconds(61).toNanos());

        // the age of a value counts from when its load is noted, a moment after it was handed out
        Await.until("another load", () -> !cache.get("key", loads::incrementAndGet).cached());
        assertThat(loads).hasValue(2);
    }

    @Test
    void invalidatedKeyIsLoadedAgain() {
        var _ = cache.get("one", loads::incrementAndGet);
        var _ = cache.get("two", loads::incrementAndGet);

        cache.invalidate("one");

        assertThat(cache.get("one", loads::incrementAndGet).cached()).isFalse();
        assertThat(cache.get("two", loads::incrementAndGet).cached()).isTrue();
        cache.invalidateAll();
        assertThat(cache.get("two", loads::incrementAndGet).cached()).isFalse();
    }

    @Test
    void manyWhoAskAtOnceLoadOnce() throws Exception {
        var go = new CountDownLatch(1);
        var asking = new CountDownLatch(50);
        var answers = new ArrayList<CompletableFuture<Cached<Integer>>>();
        Callable<Integer> loader =
                () -> {
                    go.await();
                    return loads.incrementAndGet();
                };
        for (int i = 0; i < 50; i++) {
            var answer = new CompletableFuture<Cached<Integer>>();
            answers.add(answer);
            Thread.startVirtualThread(() -> {
                asking.countDown();
                answer.complete(cache.get("key", loader));
            });
        }
        asking.await();
        go.countDown();

        for (var answer : answers) {
            assertThat(answer.get().value()).isEqualTo(1);
        }
        assertThat(loads).hasValue(1);
    }

    @Test
    void valueThatWillNotDoIsLoadedAgainOnceForAll() throws Exception {
        var _ = cache.get("key", loads::incrementAndGet);

        var asking = new ArrayList<Callable<Cached<Integer>>>();
        for (int i = 0; i < 50; i++) {
            asking.add(() -> cache.get("key", value -> value >= 2, loads::incrementAndGet));
        }
        assertThat(StoreCalls.together(asking)).extracting(Cached::value).containsOnly(2);
        assertThat(loads).hasValue(2);
        assertThat(cache.get("key", value -> value >= 2, loads::incrementAndGet).cached()).isTrue();
    }

    @Test
    void whoCannotUseTheLoadingUnderWayGetsTheNext() throws Exception {
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var first = new CompletableFuture<Cached<Integer>>();
        Thread.startVirtualThread(() ->
                first.complete(
                        cache.get(
                                "key",
                                () -> {
                                    begun.countDown();
                                    go.await();
                                    return loads.incrementAndGet();
                                })));
        begun.await();
        var second = new CompletableFuture<Cached<Integer>>();
        Thread.startVirtualThread(() ->
                second.complete(cache.get("key", value -> value >= 2, loads::incrementAndGet)));
        go.countDown();

        assertThat(first.get().value()).isOne();
        assertThat(second.get().value()).isEqualTo(2);
        assertThat(cache.get("key", loads::incrementAndGet).value()).isEqualTo(2);
    }

    @Test
    void failureIsNotKept() {
        var failure =
                Calls.failure(() ->
                        cache.get(
                                "key",
                                () -> {
                                    throw new RpcException(Code.UNAVAILABLE, "no database");
                                }));

        assertThat(failure.code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(cache.get("key", loads::incrementAndGet).value()).isEqualTo(1);
    }

    @Test
    void callerWhoGoesDoesNotTakeTheOthersAlong() throws Exception {
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        Callable<Integer> loader =
                () -> {
                    begun.countDown();
                    go.await();
                    assertThat(Task.current().flatMap(Task::call)).isEmpty();
                    return 7;
                };
        var first = Served.start(() -> cache.get("key", loader));
        begun.await();
        var entered = new CountDownLatch(1);
        var second = new CompletableFuture<Cached<Integer>>();
        Thread.startVirtualThread(() -> {
            entered.countDown();
            second.complete(cache.get("key", loader));
        });
        entered.await();

        first.cancel();

        assertThat(first.failure().orElseThrow().code()).isEqualTo(Code.CANCELLED);
        go.countDown();
        assertThat(second.get().value()).isEqualTo(7);
    }

    @Test
    void lastCallerWhoGoesTakesTheLoadingAlong() throws Exception {
        var stuck = new Stuck(1);
        var texts = new SingleFlightCache<String, String>("texts", MINUTE);
        var served = Served.start(() -> texts.get("key", stuck));
        stuck.awaitBegun();

        served.cancel();

        assertThat(served.failure().orElseThrow().code()).isEqualTo(Code.CANCELLED);
        assertThat(stuck.interrupted()).isOne();
        assertThat(stuck.running()).isZero();

        assertThat(texts.get("key", () -> "new").value()).isEqualTo("new");
    }

    @Test
    void loadingHasATime() {
        var stuck = new Stuck(1);
        var texts =
                new SingleFlightCache<String, String>(
                        "texts", new Settings(Duration.ofMinutes(1), 1, Duration.ofMillis(20)));

        var failure = Calls.failure(() -> texts.get("key", stuck));

        assertThat(failure.code()).isEqualTo(Code.DEADLINE_EXCEEDED);
        assertThat(failure.reason()).contains(Task.TIMED_OUT);
        assertThat(stuck.running()).isZero();
    }
}
