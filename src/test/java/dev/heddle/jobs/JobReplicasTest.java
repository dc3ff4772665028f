package dev.heddle.jobs;

import static dev.heddle.jobs.TestJobs.await;
import static dev.heddle.jobs.TestJobs.struct;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import dev.heddle.jobs.v1.Job;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Gateways that share jobs.
@Timeout(120)
final class JobReplicasTest {
    private static final int JOBS = 400;
    private static final int KEYS = 5;

    private final Map<String, AtomicInteger> runs = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> atOnce = new ConcurrentHashMap<>();
    private final AtomicInteger overlaps = new AtomicInteger();
    private final Semaphore gate = new Semaphore(0);
    private final Semaphore forever = new Semaphore(0);
    private final List<Long> tokens = Collections.synchronizedList(new ArrayList<>());

    private Jobs types(Jobs open) {
        return open.add(JobDefinition.of("exclusive", this::exclude))
                .add(JobDefinition.of("stuck", this::getStuck))
                .add(JobDefinition.of("waiting", (_, _) -> waitForever()));
    }

    private Struct waitForever() throws InterruptedException {
        forever.acquire();
        return Struct.getDefaultInstance();
    }

    /// Notes whether another of its key, or itself, runs at the same time.
    private Struct exclude(Struct payload, JobContext context) {
        runs.computeIfAbsent(context.id(), _ -> new AtomicInteger()).incrementAndGet();
        var key = payload.getFieldsOrThrow("key").getNumberValue();
        var running = atOnce.computeIfAbsent("key " + key, _ -> new AtomicInteger());
        if (running.incrementAndGet() > 1) {
            overlaps.incrementAndGet();
        }
        LockSupport.parkNanos(100_000);
        running.decrementAndGet();
        return payload;
    }

    /// Hears of nothing until the gate opens.
    private Struct getStuck(Struct payload, JobContext context) {
        tokens.add(context.fencingToken());
        gate.acquireUninterruptibly();
        return struct("attempt", context.attempt());
    }

    @Test
    void eachJobRunsOnceAndThoseOfAKeyOneAtATime() {
        try (var one = TestJobs.start(TestJobs.quick(), this::types);
                var two = one.replica(TestJobs.quick(), this::types);
                var three = one.replica(TestJobs.quick(), this::types)) {
            var replicas = List.of(one, two, three);
            var ids = new ArrayList<String>();
            for (var i = 0; i < JOBS; i++) {
                var key = i % KEYS;
                ids.add(
                        replicas.get(i % replicas.size())
                                .enqueue(
                                        Job.newBuilder()
                                                .setType("exclusive")
                                                .setConcurrencyKey("key " + key)
                                                .setPayload(struct("key", key)))
                                .getId());
            }

            ids.forEach(
                    id -> assertThat(one.awaitEnd(id).getState()).isEqualTo(Job.State.SUCCEEDED));

            assertThat(overlaps).hasValue(0);
            assertThat(runs).hasSize(JOBS);
            assertThat(runs.values()).allSatisfy(count -> assertThat(count).hasValue(1));
            assertThat(one.texts("SELECT count(DISTINCT runner) FROM job_attempts"))
                    .as("gateways that took part")
                    .containsExactly("3");
        }
    }

    @Test
    void cancellationReachesTheReplicaThatRunsTheJob() {
        try (var one = TestJobs.start(TestJobs.quick(), this::types)) {
            var id = one.enqueue("waiting").getId();
            one.awaitState(id, Job.State.RUNNING);
            try (var two = one.replica(TestJobs.quick(), this::types)) {
                assertThat(two.cancel(id).getCancelRequested()).isTrue();

                assertThat(two.awaitEnd(id).getState()).isEqualTo(Job.State.CANCELLED);
            }
        }
    }

    /// Its heartbeats are taken away, as if its gateway had stood still.
    @Test
    void outcomeOfARunnerThatWasPresumedDeadIsRefused() {
        try (var one = TestJobs.start(TestJobs.quick(), this::types)) {
            var id = one.enqueue("stuck").getId();
            one.awaitState(id, Job.State.RUNNING);
            try (var two = one.replica(TestJobs.quick(), this::types)) {
                var _ =
                        one.database()
                                .transaction(db ->
                                        db.update(
                                                "UPDATE scheduled_tasks SET version = version + 1,"
                                                        + " last_heartbeat = now() - interval '1 hour'"));
                await(() -> tokens.size() == 2);
                assertThat(two.get(id).getState()).isEqualTo(Job.State.RUNNING);
                assertThat(tokens.get(1)).isGreaterThan(tokens.get(0));

                gate.release();
                gate.release();

                var ended = two.awaitEnd(id);
                assertThat(ended.getResult()).isEqualTo(struct("attempt", 2));
                assertThat(ended.getAttemptsList())
                        .extracting(each -> each.getError().getMessage())
                        .containsExactly("the gateway that ran it is gone", "");
            }
        }
    }
}
