package dev.heddle.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status.Code;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class TaskTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void thereIsNoCurrentTaskOutsideOfOne() {
        assertThat(Task.current()).isEmpty();

        var task = Task.detached(HOUR);
        assertThat(task.run(() -> Task.current().orElseThrow())).isSameAs(task);

        assertThat(Task.current()).isEmpty();
    }

    @Test
    void partOnTheSameThreadIsInterruptedWithTheWhole() {
        var whole = Task.detached(HOUR);

        assertThatThrownBy(() ->
                        whole.run(() -> {
                            var part = Task.part();
                            return part.run(() -> {
                                whole.cancel(gone());
                                return forever();
                            });
                        }))
                .isInstanceOf(InterruptedException.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void shieldOfAPartHoldsAgainstTheWhole() {
        var whole = Task.detached(HOUR);
        var seen = new CountDownLatch(1);

        var interrupted =
                whole.run(() -> {
                    var part = Task.part();
                    return part.run(() -> {
                        var _ = part.onCancel(seen::countDown);
                        var within =
                                part.shielded(() -> {
                                    whole.cancel(gone());
                                    assertThat(awaited(seen)).isTrue();
                                    return Thread.currentThread().isInterrupted();
                                });
                        return within + " " + Thread.currentThread().isInterrupted();
                    });
                });

        assertThat(interrupted).isEqualTo("false true");
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void interruptOfTheWholeIsThereWhenThePartHasEnded() {
        var whole = Task.detached(HOUR);

        var interrupted =
                whole.run(() -> {
                    Task.part()
                            .run(() -> {
                                whole.cancel(gone());
                                return whole;
                            });
                    return Thread.currentThread().isInterrupted();
                });

        assertThat(interrupted).isTrue();
    }

    @Test
    void timeOfAPartEndsThePartAlone() {
        var whole = Task.detached(HOUR);

        var reason =
                whole.run(() -> {
                    var part = Task.part(Duration.ofMillis(20));
                    assertThatThrownBy(() -> part.run(TaskTest::forever))
                            .isInstanceOf(InterruptedException.class);
                    whole.check();
                    return part.cancellation().orElseThrow();
                });

        assertThat(reason.code()).isEqualTo(Code.DEADLINE_EXCEEDED);
        assertThat(reason.reason()).contains(Task.TIMED_OUT);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void partHasNoMoreTimeThanTheWhole() {
        var whole = Task.detached(Duration.ofMinutes(1));

        whole.run(() -> {
            assertThat(Task.part(HOUR).remaining().orElseThrow()).isLessThan(HOUR);
            assertThat(Task.part().remaining()).isPresent();
            assertThat(Task.part(Duration.ofSeconds(1)).remaining().orElseThrow())
                    .isLessThanOrEqualTo(Duration.ofSeconds(1));
            return whole;
        });
    }

    @Test
    void partOfACancelledWholeDoesNotBegin() {
        var whole = Task.detached(HOUR);

        whole.run(() -> {
            var part = Task.part();
            whole.cancel(gone());
            assertThatThrownBy(() -> part.run(TaskTest::forever)).isInstanceOf(RpcException.class);
            return whole;
        });
    }

    @Test
    void taskRunsOnceAtATime() throws Exception {
        var task = Task.detached(HOUR);
        var begun = new CountDownLatch(1);
        var end = new CountDownLatch(1);
        var first =
                CompletableFuture.supplyAsync(() ->
                        task.<Boolean, RuntimeException>run(() -> {
                            begun.countDown();
                            return awaited(end);
                        }));
        begun.await();

        assertThatThrownBy(() -> task.run(() -> 1)).isInstanceOf(IllegalStateException.class);

        end.countDown();
        assertThat(first.get()).isTrue();
    }

    private static RpcException gone() {
        return new RpcException(Code.CANCELLED, "the caller has gone");
    }

    private static String forever() throws InterruptedException {
        new CountDownLatch(1).await();
        return "never";
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
