package dev.heddle.async;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.async.BatchLoader.Settings;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import dev.heddle.testing.Await;
import dev.heddle.testing.Calls;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Even numbers are there, and odd ones are not.
@Timeout(60)
final class BatchLoaderTest {
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final int MAX_KEYS = 4;

    private final BlockingQueue<Set<Integer>> asked = new LinkedBlockingQueue<>();
    private final Semaphore answers = new Semaphore(0);
    private final AtomicInteger interrupted = new AtomicInteger();
    private final BatchLoader<Integer, String> loader =
            new BatchLoader<>("numbers", new Settings(1, MAX_KEYS, LONG, LONG), this::answer);

    private Map<Integer, String> answer(Set<Integer> keys) {
        asked.add(Set.copyOf(keys));
        try {
            answers.acquire();
        } catch (InterruptedException _) {
            interrupted.incrementAndGet();
            throw Waits.interrupted("numbers");
        }
        return even(keys);
    }

    private static Map<Integer, String> even(Set<Integer> keys) {
        var found = new HashMap<Integer, String>();
        for (var key : keys) {
            if (key % 2 == 0) {
                found.put(key, "number " + key);
            }
        }
        return found;
    }

    private static <T> CompletableFuture<T> start(Callable<T> body) {
        var result = new CompletableFuture<T>();
        Thread.startVirtualThread(() -> {
            try {
                result.complete(body.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private CompletableFuture<Optional<String>> ask(int key) {
        return start(() -> loader.load(key));
    }

    /// Asks for a key while another is being loaded, and returns when it has been gathered.
    private CompletableFuture<Optional<String>> gather(int key) {
        var before = loader.waiting();
        var asking = ask(key);
        awaitWaiting(before + 1);
        return asking;
    }

    private void awaitWaiting(int count) {
        Await.until(count + " wait", () -> loader.waiting() == count);
    }

    private Set<Integer> nextAsked() throws InterruptedException {
        return Optional.ofNullable(asked.poll(30, TimeUnit.SECONDS)).orElseThrow();
    }

    @Test
    void whoAsksAloneLoadsOnTheirOwnThread() {
        var threads = new ConcurrentLinkedQueue<Thread>();
        var own =
                new BatchLoader<Integer, String>(
                        "numbers",
                        Settings.DEFAULT,
                        keys -> {
                            threads.add(Thread.currentThread());
                            return even(keys);
                        });

        assertThat(own.load(2)).contains("number 2");
        assertThat(own.load(3)).isEmpty();
        assertThat(threads).containsExactly(Thread.currentThread(), Thread.currentThread());
    }

    @Test
    void thoseWhoAskMeanwhileGoTogetherAndEachGetsTheirOwn() throws Exception {
        var first = ask(1);
        assertThat(nextAsked()).containsExactly(1);
        var two = gather(2);
        var three = gather(3);
        var four = gather(4);
        answers.release();

        assertThat(nextAsked()).containsExactlyInAnyOrder(2, 3, 4);
        answers.release();
        assertThat(first.get()).isEmpty();
        assertThat(two.get()).contains("number 2");
        assertThat(three.get()).isEmpty();
        assertThat(four.get()).contains("number 4");
    }

    @Test
    void oneKeyIsLoadedOnceForAllInABatch() throws Exception {
        var first = ask(1);
        assertThat(nextAsked()).containsExactly(1);
        var two = gather(2);
        var again = start(() -> loader.load(2));
        awaitWaiting(2);
        answers.release(2);

        assertThat(nextAsked()).containsExactly(2);
        assertThat(two.get()).contains("number 2");
        assertThat(again.get()).contains("number 2");
        assertThat(first.get()).isEmpty();
        assertThat(asked).isEmpty();
    }

    @Test
    void batchHasABound() throws Exception {
        var asking = new ArrayList<>(List.of(ask(0)));
        assertThat(nextAsked()).containsExactly(0);
        for (var key = 1; key <= 10; key++) {
            asking.add(gather(key));
        }
        answers.release(4);

        assertThat(nextAsked()).containsExactlyInAnyOrder(1, 2, 3, 4);
        assertThat(nextAsked()).containsExactlyInAnyOrder(5, 6, 7, 8);
        assertThat(nextAsked()).containsExactlyInAnyOrder(9, 10);
        for (var each : asking) {
            var _ = each.get();
        }
    }

    @Test
    void whatIsLoadedIsNeverOlderThanTheQuestion() throws Exception {
        var written = new AtomicInteger(1);
        var versions =
                new BatchLoader<Integer, Integer>(
                        "versions",
                        new Settings(1, MAX_KEYS, LONG, LONG),
                        keys -> {
                            var version = written.get();
                            var _ = answer(keys);
                            return Map.of(7, version);
                        });
        var first = start(() -> versions.load(7));
        var _ = nextAsked();
        written.set(2);
        var second = start(() -> versions.load(7));
        Await.until("the second waits", () -> versions.waiting() == 1);
        answers.release(2);

        assertThat(first.get()).contains(1);
        assertThat(second.get()).contains(2);
    }

    @Test
    void failureReachesAllInTheBatchAndNobodyAfterThem() throws Exception {
        var isBroken = new AtomicInteger();
        Function<Set<Integer>, Map<Integer, String>> breaking =
                keys -> {
                    var values = answer(keys);
                    if (isBroken.getAndIncrement() == 1) {
                        throw new RpcException(Code.UNAVAILABLE, "no database");
                    }
                    return values;
                };
        var broken = new BatchLoader<>("numbers", new Settings(1, MAX_KEYS, LONG, LONG), breaking);
        var first = start(() -> broken.load(0));
        var _ = nextAsked();
        var two = start(() -> Calls.failure(() -> broken.load(2)));
        var four = start(() -> Calls.failure(() -> broken.load(4)));
        Await.until("both wait", () -> broken.waiting() == 2);
        answers.release(3);

        assertThat(first.get()).contains("number 0");
        assertThat(two.get().code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(four.get().code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(broken.load(6)).contains("number 6");
    }

    @Test
    void whoGoesDoesNotTakeTheOthersAlong() throws Exception {
        var first = ask(0);
        var _ = nextAsked();
        var going = Served.start(() -> loader.load(2));
        awaitWaiting(1);
        var staying = gather(4);
        answers.release();
        assertThat(nextAsked()).containsExactlyInAnyOrder(2, 4);

        going.cancel();

        assertThat(going.failure().orElseThrow().code()).isEqualTo(Code.CANCELLED);
        answers.release();
        assertThat(staying.get()).contains("number 4");
        assertThat(first.get()).contains("number 0");
        assertThat(interrupted).hasValue(0);
    }

    @Test
    void lastWhoGoesTakesTheLoadingAlong() throws Exception {
        var first = ask(0);
        var _ = nextAsked();
        var one = Served.start(() -> loader.load(2));
        var other = Served.start(() -> loader.load(4));
        awaitWaiting(2);
        answers.release();
        assertThat(nextAsked()).containsExactlyInAnyOrder(2, 4);

        one.cancel();
        other.cancel();

        assertThat(one.failure().orElseThrow().code()).isEqualTo(Code.CANCELLED);
        assertThat(other.failure().orElseThrow().code()).isEqualTo(Code.CANCELLED);
        assertThat(interrupted).hasValue(1);
        assertThat(first.get()).contains("number 0");
        answers.release();
        assertThat(loader.load(6)).contains("number 6");
    }

    @Test
    void batchThatAllHaveLeftIsNotLoaded() throws Exception {
        var first = ask(0);
        var _ = nextAsked();
        var going = Served.start(() -> loader.load(2));
        awaitWaiting(1);

        going.cancel();

        assertThat(going.failure().orElseThrow().code()).isEqualTo(Code.CANCELLED);
        assertThat(loader.waiting()).isZero();
        var next = gather(4);
        answers.release(2);
        assertThat(nextAsked()).containsExactly(4);
        assertThat(next.get()).contains("number 4");
        assertThat(first.get()).contains("number 0");
    }

    @Test
    void deadlineEndsTheWait() throws Exception {
        var first = ask(0);
        var _ = nextAsked();
        var hasty = Served.start(Duration.ofMillis(50), () -> loader.load(2));

        assertThat(hasty.failure().orElseThrow().code()).isEqualTo(Code.DEADLINE_EXCEEDED);
        answers.release();
        assertThat(first.get()).contains("number 0");
    }

    @Test
    void loadThatIsStuckDoesNotHoldUpTheOthers() throws Exception {
        var hasty =
                new BatchLoader<>(
                        "numbers",
                        new Settings(1, MAX_KEYS, Duration.ofMillis(20), LONG),
                        this::answer);
        var stuck = start(() -> hasty.load(0));
        assertThat(nextAsked()).containsExactly(0);

        var second = start(() -> hasty.load(2));

        assertThat(nextAsked()).containsExactly(2);
        answers.release(2);
        assertThat(second.get()).contains("number 2");
        assertThat(stuck.get()).contains("number 0");
        assertThat(hasty.loading()).isZero();
    }

    @Test
    void batchHasATime() throws Exception {
        var hasty =
                new BatchLoader<>(
                        "numbers",
                        new Settings(1, MAX_KEYS, Duration.ofMillis(5), Duration.ofMillis(50)),
                        this::answer);
        var first = start(() -> hasty.load(0));
        var _ = nextAsked();

        var failure = Calls.failure(() -> hasty.load(2));

        assertThat(failure.code()).isEqualTo(Code.DEADLINE_EXCEEDED);
        assertThat(failure.reason()).contains(Task.TIMED_OUT);
        assertThat(interrupted).hasValue(1);
        answers.release();
        assertThat(first.get()).contains("number 0");
    }

    @Test
    void manyWhoComeAndGoGetTheirOwnAndLeaveNothingBehind() throws Exception {
        var seed = System.nanoTime();
        System.out.println("seed " + seed);
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        var crowded =
                new BatchLoader<Integer, String>(
                        "numbers",
                        new Settings(3, MAX_KEYS, LONG, LONG),
                        keys -> {
                            most.accumulateAndGet(running.incrementAndGet(), Math::max);
                            try {
                                LockSupport.parkNanos(20_000);
                                if (keys.contains(13)) {
                                    throw new RpcException(Code.ABORTED, "13");
                                }
                                return even(keys);
                            } finally {
                                running.decrementAndGet();
                            }
                        });

        var visitors = new ArrayList<CompletableFuture<Integer>>();
        for (var i = 0; i < 64; i++) {
            var random = new Random(seed + i);
            visitors.add(start(() -> visit(crowded, random)));
        }
        var served = 0;
        for (var visitor : visitors) {
            served += visitor.get();
        }

        assertThat(served).as("seed %d", seed).isPositive();
        assertThat(most.get()).as("seed %d", seed).isBetween(1, 3);
        Await.until("nothing is loading", () -> crowded.loading() == 0);
        assertThat(crowded.waiting()).as("seed %d", seed).isZero();
    }

    /// @return how often it got an answer
    private static int visit(BatchLoader<Integer, String> loader, Random random) throws Exception {
        var served = 0;
        for (var i = 0; i < 200; i++) {
            var key = random.nextInt(20);
            var task = Task.detached(LONG);
            if (random.nextInt(4) == 0) {
                Thread.startVirtualThread(
                        () -> task.cancel(new RpcException(Code.CANCELLED, "gone")));
            }
            try {
                var value = task.<Optional<String>, Exception>run(() -> loader.load(key));
                assertThat(value).isEqualTo(Optional.ofNullable(even(Set.of(key)).get(key)));
                served++;
            } catch (RpcException e) {
                assertThat(e.code()).isIn(Code.CANCELLED, Code.ABORTED);
            }
        }
        return served;
    }
}
