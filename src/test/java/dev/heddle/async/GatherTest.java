package dev.heddle.async;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.db.Database;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import dev.heddle.testing.Calls;
import dev.heddle.testing.TestPostgres;
import io.grpc.Status.Code;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class GatherTest {
    @Test
    void partsRunAtOnceAndYieldTheirValues() {
        var all = new CyclicBarrier(2);

        try (var gather = Gather.open()) {
            var left = gather.fork("left", () -> all.await(10, TimeUnit.SECONDS) >= 0);
            var right = gather.fork("right", () -> all.await(10, TimeUnit.SECONDS) + " met");

            assertThat(left.value()).isTrue();
            assertThat(right.value()).endsWith("met");
        }
    }

    @Test
    void failureOfOneLeavesTheOthersAlone() {
        try (var gather = Gather.open()) {
            var broken =
                    gather.fork(
                            "broken",
                            () -> {
                                throw new RpcException(Code.NOT_FOUND, "nothing here");
                            });
            var whole = gather.fork("whole", () -> 42);

            assertThat(broken.outcome()).isInstanceOf(Outcome.Failure.class);
            assertThat(Calls.failure(broken::value).code()).isEqualTo(Code.NOT_FOUND);
            assertThat(whole.value()).isEqualTo(42);
        }
    }

    @Test
    void unexpectedExceptionOfAPartLeaksNothing() {
        try (var gather = Gather.open()) {
            var broken =
                    gather.fork(
                            "broken",
                            () -> {
                                throw new IllegalStateException("secret");
                            });

            var failure = Calls.failure(broken::value);

            assertThat(failure.code()).isEqualTo(Code.INTERNAL);
            assertThat(failure.message()).doesNotContain("secret");
        }
    }

    @Test
    void partThatUsesUpItsTimeIsInterruptedAlone() throws Exception {
        var stuck = new Stuck(1);
        try (var gather = Gather.open()) {
            var slow = gather.fork("slow", Duration.ofMillis(20), stuck);
            var quick = gather.fork("quick", () -> 1);

            var failure = Calls.failure(slow::value);

            assertThat(failure.code()).isEqualTo(Code.DEADLINE_EXCEEDED);
            assertThat(failure.reason()).contains(Task.TIMED_OUT);
            assertThat(quick.value()).isEqualTo(1);
        }
        assertThat(stuck.running()).isZero();
    }

    @Test
    void closeCancelsWhatRunsAndWaitsForItsEnd() throws Exception {
        var stuck = new Stuck(3);
        try (var gather = Gather.open()) {
            for (int i = 0; i < 3; i++) {
                var _ = gather.fork("stuck", stuck);
            }
            stuck.awaitBegun();
        }

        assertThat(stuck.interrupted()).isEqualTo(3);
        assertThat(stuck.running()).isZero();
    }

    @Test
    void cancellationOfTheCallReachesEveryPart() throws Exception {
        var stuck = new Stuck(2);
        var served =
                Served.start(() -> {
                    try (var gather = Gather.open()) {
                        var _ = gather.fork("one", stuck);
                        return gather.fork("two", stuck).value();
                    }
                });
        stuck.awaitBegun();

        served.cancel();

        assertThat(served.failure().orElseThrow().code()).isEqualTo(Code.CANCELLED);
        assertThat(stuck.interrupted()).isEqualTo(2);
        assertThat(stuck.running()).isZero();
    }

    @Test
    void deadlineOfTheCallBoundsEveryPart() {
        var stuck = new Stuck(1);
        var served =
                Served.start(
                        Duration.ofMillis(50),
                        () -> {
                            try (var gather = Gather.open()) {
                                return gather.fork("long", Duration.ofHours(1), stuck).value();
                            }
                        });
        assertThat(served.failure().orElseThrow().code()).isEqualTo(Code.DEADLINE_EXCEEDED);
        assertThat(stuck.running()).isZero();
    }

    @Test
    void interruptOfTheWaitingThreadIsKept() throws Exception {
        var stuck = new Stuck(1);
        var keptInterrupt = new CountDownLatch(1);
        var owner =
                Thread.startVirtualThread(() -> {
                    try (var gather = Gather.open()) {
                        var failure = Calls.failure(gather.fork("stuck", stuck)::value);
                        assertThat(failure.code()).isEqualTo(Code.CANCELLED);
                    }
                    if (Thread.currentThread().isInterrupted()) {
                        keptInterrupt.countDown();
                    }
                });
        stuck.awaitBegun();

        owner.interrupt();

        assertThat(keptInterrupt.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(stuck.running()).isZero();
    }

    @Test
    void noMoreRunAtOnceThanMay() {
        var running = new AtomicInteger();
        var most = new AtomicInteger();

        var outcomes =
                Gather.each(
                        "number",
                        IntStream.range(0, 200).boxed().toList(),
                        4,
                        n -> {
                            most.accumulateAndGet(running.incrementAndGet(), Math::max);
                            LockSupport.parkNanos(10_000);
                            running.decrementAndGet();
                            return n * n;
                        });

        assertThat(most.get()).isBetween(1, 4);
        assertThat(outcomes).hasSize(200);
        assertThat(outcomes.get(12).value()).isEqualTo(144);
    }

    @Test
    void cancellationReachesTheStatementsOfParts() throws Exception {
        var postgres = TestPostgres.createDatabase();
        var settings =
                Database.Settings.of(postgres.jdbcUrl(), postgres.username(), postgres.password());
        try (var database = Database.open(settings, new SimpleMeterRegistry())) {
            var begun = new CountDownLatch(2);
            var served =
                    Served.start(() -> {
                        try (var gather = Gather.open()) {
                            for (var name : List.of("one", "two")) {
                                var _ = gather.fork(name, () -> sleep(database, begun));
                            }
                            return gather.fork("three", () -> sleep(database, begun)).value();
                        }
                    });
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

            served.cancel();

            assertThat(served.failure().orElseThrow().code()).isEqualTo(Code.CANCELLED);
            assertThat(database.busyConnections()).isZero();

            // an interrupt within JDBC would have broken them
            assertThat(
                            database.<Long>plain(
                                    db -> db.createNamedQuery("one", "SELECT 1").execute().count()))
                    .isOne();
        }
    }

    private static long sleep(Database database, CountDownLatch begun) {
        return database.plain(db -> {
            begun.countDown();
            return db.createNamedQuery("sleep", "SELECT pg_sleep(60)").execute().count();
        });
    }
}
