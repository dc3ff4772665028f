package dev.heddle.async;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.db.Database;
import dev.heddle.db.Migrations;
import dev.heddle.testing.Await;
import dev.heddle.testing.Calls;
import dev.heddle.testing.TestPostgres;
import io.grpc.Status.Code;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LeasesTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Database DATABASE = newDatabase();

    private final Leases ours = new Leases(DATABASE, "ours");
    private final Leases theirs = new Leases(DATABASE, "theirs");
    private final String name = UUID.randomUUID().toString();

    private static Database newDatabase() {
        var postgres = TestPostgres.createDatabase();
        var settings =
                Database.Settings.of(postgres.jdbcUrl(), postgres.username(), postgres.password());
        Migrations.run(settings);
        return Database.open(settings, new SimpleMeterRegistry());
    }

    @AfterEach
    void everyConnectionIsBack() {
        assertThat(DATABASE.busyConnections()).isZero();
    }

    @Test
    void leaseHasOneHolder() {
        var lease = ours.tryAcquire(name, HOUR).orElseThrow();

        assertThat(theirs.tryAcquire(name, HOUR)).isEmpty();
        assertThat(ours.tryAcquire(name, HOUR)).isEmpty();
        assertThat(lease.release()).isTrue();
        assertThat(theirs.tryAcquire(name, HOUR)).isPresent();
    }

    @Test
    void expiredLeaseIsTakenOverWithALargerToken() {
        var lost = ours.tryAcquire(name, HOUR).orElseThrow();
        expire();

        var taken = theirs.tryAcquire(name, HOUR).orElseThrow();

        assertThat(taken.token()).isGreaterThan(lost.token());
        assertThat(lost.renew(HOUR)).isFalse();
    }

    @Test
    void releaseNeverEndsTheLeaseOfAnother() {
        var lost = ours.tryAcquire(name, HOUR).orElseThrow();
        expire();
        var taken = theirs.tryAcquire(name, HOUR).orElseThrow();

        assertThat(lost.release()).isFalse();

        assertThat(taken.renew(HOUR)).isTrue();
    }

    @Test
    void expiredLeaseIsNotRenewed() {
        var lease = ours.tryAcquire(name, HOUR).orElseThrow();
        expire();

        assertThat(lease.renew(HOUR)).isFalse();
    }

    @Test
    void guardRefusesAHolderWhoWasOvertaken() {
        var lost = ours.tryAcquire(name, HOUR).orElseThrow();
        expire();
        var taken = theirs.tryAcquire(name, HOUR).orElseThrow();

        var failure = Calls.failure(() -> guarded(lost));

        assertThat(failure.code()).isEqualTo(Code.ABORTED);
        assertThat(failure.reason()).contains(Leases.LOST);
        guarded(taken);
    }

    @Test
    void guardedTransactionCommitsBeforeAnyoneTakesOver() throws Exception {
        var lease = ours.tryAcquire(name, HOUR).orElseThrow();
        var steps = new ArrayList<String>();
        var guarding = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var holder =
                Thread.startVirtualThread(() ->
                        DATABASE.transaction(db -> {
                            lease.guard(db);
                            guarding.countDown();
                            await(go);
                            steps.add("written");
                            return steps;
                        }));
        guarding.await();
        var taker =
                Thread.startVirtualThread(() -> {
                    expire();
                    theirs.tryAcquire(name, HOUR).ifPresent(_ -> steps.add("taken over"));
                });
        Await.until("somebody who waits for a lock", () -> waitingForALock() > 0);
        go.countDown();
        holder.join();
        taker.join();

        assertThat(steps).containsExactly("written", "taken over");
    }

    @Test
    void oneAtATimeAndWithGrowingTokens() throws Exception {
        var inside = new AtomicInteger();
        var tokens = new ArrayList<Long>();
        var workers =
                IntStream.range(0, 8)
                        .mapToObj(i ->
                                Thread.startVirtualThread(() -> {
                                    for (int j = 0; j < 5; j++) {
                                        var lease =
                                                (i % 2 == 0 ? ours : theirs)
                                                        .acquire(name, HOUR, LONG);
                                        assertThat(inside.incrementAndGet()).isOne();
                                        tokens.add(lease.token());
                                        inside.decrementAndGet();
                                        assertThat(lease.release()).isTrue();
                                    }
                                }))
                        .toList();
        for (var worker : workers) {
            worker.join();
        }

        assertThat(tokens).hasSize(40).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void waitForALeaseHasAnEnd() {
        var _ = ours.tryAcquire(name, HOUR).orElseThrow();

        var failure = Calls.failure(() -> theirs.acquire(name, HOUR, Duration.ofMillis(30)));

        assertThat(failure.code()).isEqualTo(Code.ABORTED);
        assertThat(failure.reason()).contains(Leases.HELD);
    }

    @Test
    void cancellationEndsTheWaitForALease() {
        var _ = ours.tryAcquire(name, HOUR).orElseThrow();
        var served = Served.start(() -> theirs.acquire(name, HOUR, LONG));
        served.cancel();

        assertThat(served.failure().orElseThrow().code()).isEqualTo(Code.CANCELLED);
    }

    @Test
    void leftoversOfThoseWhoCrashedAreRemoved() {
        for (var leftover : List.of("a", "b", "c")) {
            var _ = ours.tryAcquire("leftover " + leftover, HOUR).orElseThrow();
        }
        execute("UPDATE leases SET expire_time = now() - interval '2 h' WHERE name ~ '^leftover'");

        var _ = ours.tryAcquire(name, HOUR).orElseThrow();

        assertThat(count("SELECT 1 FROM leases WHERE name ~ '^leftover'")).isZero();
    }

    private static void guarded(Lease lease) {
        var _ =
                DATABASE.transaction(db -> {
                    lease.guard(db);
                    return lease;
                });
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void expire() {
        execute("UPDATE leases SET expire_time = clock_timestamp() WHERE name = '" + name + "'");
    }

    private static void execute(String sql) {
        var _ = DATABASE.transaction(db -> db.createNamedDmlStatement("test", sql).execute());
    }

    private static long waitingForALock() {
        return count(
                "SELECT 1 FROM pg_stat_activity"
                        + " WHERE wait_event_type = 'Lock' AND datname = current_database()");
    }

    private static long count(String sql) {
        return DATABASE.plain(db -> db.createNamedQuery("test", sql).execute().count());
    }
}
