package dev.heddle.async;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.async.Debounce.Settings;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class DebounceTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Settings QUICK =
            new Settings(Duration.ofMillis(10), Duration.ofMillis(50), HOUR);

    @Test
    void manySignalsMakeFewActions() throws Exception {
        var actions = new AtomicInteger();
        var begun = new Semaphore(0);
        var end = new Semaphore(0);
        try (var debounce =
                Debounce.start(
                        "refresh",
                        QUICK,
                        () -> {
                            actions.incrementAndGet();
                            begun.release();
                            end.acquire();
                        })) {
            debounce.signal();
            begun.acquire();
            for (int i = 0; i < 1000; i++) {
                debounce.signal();
            }
            end.release();
            begun.acquire();
            end.release();

            assertThat(begun.tryAcquire(100, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(actions.get()).isEqualTo(2);
        }
    }

    @Test
    void sourceThatNeverPausesDoesNotStarveTheAction() {
        var acted = new CountDownLatch(3);
        var settings = new Settings(Duration.ofMinutes(10), Duration.ofMinutes(10), HOUR);
        assertThat(settings.maxWait()).isEqualTo(settings.quiet());
        try (var debounce =
                Debounce.start(
                        "refresh",
                        new Settings(Duration.ofMillis(20), Duration.ofMillis(40), HOUR),
                        acted::countDown)) {
            while (acted.getCount() > 0) {
                debounce.signal();
                LockSupport.parkNanos(100_000);
            }
        }
    }

    @Test
    void failureOfAnActionIsNotTheLastOne() throws Exception {
        var actions = new Semaphore(0);
        try (var debounce =
                Debounce.start(
                        "refresh",
                        QUICK,
                        () -> {
                            actions.release();
                            Thread.currentThread().interrupt();
                            throw new IllegalStateException("no luck");
                        })) {
            for (int i = 0; i < 3; i++) {
                debounce.signal();
                actions.acquire();
            }
        }
    }

    @Test
    void closeInterruptsTheActionAndWaitsForItsEnd() throws Exception {
        var stuck = new Stuck(1);
        var debounce = Debounce.start("refresh", QUICK, stuck::call);
        debounce.signal();
        stuck.awaitBegun();

        debounce.close();

        assertThat(stuck.interrupted()).isOne();
        assertThat(stuck.running()).isZero();
    }

    @Test
    void actionThatUsesUpItsTimeIsInterrupted() throws Exception {
        var stuck = new Stuck(2);
        try (var debounce =
                Debounce.start(
                        "refresh",
                        new Settings(
                                Duration.ofMillis(1), Duration.ofMillis(1), Duration.ofMillis(20)),
                        stuck::call)) {
            debounce.signal();
            while (stuck.interrupted() == 0) {
                LockSupport.parkNanos(1_000_000);
            }
            debounce.signal();
            stuck.awaitBegun();
        }
        assertThat(stuck.running()).isZero();
    }
}
