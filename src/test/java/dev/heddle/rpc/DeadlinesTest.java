package dev.heddle.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class DeadlinesTest {
    /// The thread then waits for the one that comes last.
    @Test
    void shorterTimeIsNotHeldUpByALongerOne() throws Exception {
        var order = Collections.synchronizedList(new ArrayList<Integer>());
        var over = new CountDownLatch(3);
        for (var millis : List.of(600, 300, 20)) {
            var _ =
                    Deadlines.after(
                            Duration.ofMillis(millis),
                            () -> {
                                order.add(millis);
                                over.countDown();
                            });
        }

        over.await();
        assertThat(order).containsExactly(20, 300, 600);
    }

    @Test
    void noneIsEarlyAndNoneIsForgotten() throws Exception {
        var seed = System.nanoTime();
        var random = new Random(seed);
        var early = Collections.synchronizedList(new ArrayList<Long>());
        var over = new CountDownLatch(4_000);
        for (var thread = 0; thread < 4; thread++) {
            Thread.startVirtualThread(() -> {
                for (var i = 0; i < 1_000; i++) {
                    var time = Duration.ofNanos(random.nextLong(500_000_000));
                    var start = System.nanoTime();
                    var _ =
                            Deadlines.after(
                                    time,
                                    () -> {
                                        if (System.nanoTime() - start < time.toNanos()) {
                                            early.add(time.toNanos());
                                        }
                                        over.countDown();
                                    });
                }
            });
        }

        assertThat(over.await(10, TimeUnit.SECONDS)).as("all, seed %d", seed).isTrue();
        assertThat(early).as("seed %d", seed).isEmpty();
    }

    @Test
    void whatIsTakenBackDoesNotHappen() throws Exception {
        var happened = Collections.synchronizedList(new ArrayList<String>());
        var over = new CountDownLatch(1);
        var first = Deadlines.after(Duration.ofMillis(50), () -> happened.add("first"));
        var _ = Deadlines.after(Duration.ofMillis(100), over::countDown);

        first.close();

        over.await();
        assertThat(happened).isEmpty();
    }

    @Test
    void timeWithoutAnEndIsTaken() {
        var never = Deadlines.after(Duration.ofSeconds(Long.MAX_VALUE), () -> {});

        never.close();
    }
}
