package dev.heddle.jobs;

import static dev.heddle.jobs.TestJobs.await;
import static dev.heddle.jobs.TestJobs.struct;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.heddle.jobs.v1.Job;
import dev.heddle.jobs.v1.JobServiceGrpc;
import dev.heddle.jobs.v1.ListDeadLettersRequest;
import dev.heddle.jobs.v1.ListJobsRequest;
import dev.heddle.jobs.v1.ListTypesRequest;
import dev.heddle.jobs.v1.PauseTypeRequest;
import dev.heddle.jobs.v1.RedriveJobsRequest;
import dev.heddle.jobs.v1.ResumeTypeRequest;
import dev.heddle.jobs.v1.RetryJobRequest;
import dev.heddle.jobs.v1.WatchJobRequest;
import dev.heddle.jobs.v1.WatchJobResponse;
import dev.heddle.jobs.v1.WatchJobResponse.KindCase;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.Calls;
import io.grpc.Status.Code;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class JobsTest {
    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final Semaphore gate = new Semaphore(0);
    private final List<Double> order = Collections.synchronizedList(new ArrayList<>());
    private final AtomicBoolean interrupted = new AtomicBoolean();
    private final CountDownLatch began = new CountDownLatch(1);
    private final TestJobs jobs = TestJobs.start(TestJobs.quick(), this::types);

    private Jobs types(Jobs open) {
        return open.add(
                        JobDefinition.of("sleep", new SleepHandler())
                                .withCheck(SleepHandler::check))
                .add(JobDefinition.of("count", this::count))
                .add(JobDefinition.of("gated", this::passGate))
                .add(JobDefinition.of("single", this::passGate).withConcurrency(1))
                .add(
                        JobDefinition.of(
                                "broken",
                                (_, _) -> {
                                    throw new IllegalStateException("a secret");
                                }))
                .add(
                        JobDefinition.of(
                                "sql",
                                (_, context) -> {
                                    began.countDown();
                                    return jobs().database()
                                            .plain(db -> {
                                                var _ = db.get("SELECT CAST(pg_sleep(30) AS text)");
                                                return Struct.getDefaultInstance();
                                            });
                                }))
                .add(
                        JobDefinition.of(
                                "talk",
                                (_, context) -> {
                                    for (var i = 1; i <= 4; i++) {
                                        gate.acquire();
                                        context.progress(i / 4.0);
                                        context.log("step " + i);
                                    }
                                    return struct("steps", 4);
                                }));
    }

    private TestJobs jobs() {
        return jobs;
    }

    private Struct count(Struct payload, JobContext context) {
        runs.incrementAndGet();
        order.add(payload.getFieldsOrThrow("n").getNumberValue());
        return payload;
    }

    private Struct passGate(Struct payload, JobContext context) throws InterruptedException {
        most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
        began.countDown();
        try {
            gate.acquire();
            if (payload.containsFields("n")) {
                order.add(payload.getFieldsOrThrow("n").getNumberValue());
            }
        } catch (InterruptedException e) {
            interrupted.set(true);
            throw e;
        } finally {
            atOnce.decrementAndGet();
            runs.incrementAndGet();
        }
        return payload;
    }

    private Job.Builder counting(double number) {
        return Job.newBuilder().setType("count").setPayload(struct("n", number));
    }

    @AfterEach
    void close() {
        gate.release(10_000);
        jobs.close();
    }

    @Test
    void jobSucceedsWithItsResult() {
        var job = jobs.enqueue(counting(7));
        assertThat(job.getState()).isEqualTo(Job.State.PENDING);

        var ended = jobs.awaitEnd(job.getId());

        assertThat(ended.getState()).isEqualTo(Job.State.SUCCEEDED);
        assertThat(ended.getResult()).isEqualTo(struct("n", 7));
        assertThat(ended.getProgress()).isEqualTo(1);
        assertThat(ended.getAttemptCount()).isEqualTo(1);
        assertThat(ended.getAttempts(0).hasError()).isFalse();
        assertThat(ended.getCreator()).isEqualTo("tester");
        assertThat(jobs.texts("SELECT count(*) FROM scheduled_tasks")).containsExactly("0");
    }

    @Test
    void rolledBackTransactionLeavesNoJob() {
        assertThatThrownBy(() ->
                        jobs.database()
                                .transaction(db -> {
                                    jobs.jobs().enqueue(db, counting(1).build(), "test");
                                    throw new RpcException(Code.ABORTED, "no");
                                }))
                .isInstanceOf(RpcException.class);

        assertThat(jobs.texts("SELECT count(*) FROM jobs")).containsExactly("0");
        assertThat(jobs.texts("SELECT count(*) FROM scheduled_tasks")).containsExactly("0");
        assertThatThrownBy(() ->
                        jobs.database()
                                .plain(db -> jobs.jobs().enqueue(db, counting(1).build(), "test")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void failedAttemptsAreRepeatedAndKept() {
        var payload =
                struct("millis", 0).toBuilder().putAllFields(struct("failures", 2).getFieldsMap());
        var job = jobs.enqueue(Job.newBuilder().setType("sleep").setPayload(payload));

        var ended = jobs.awaitEnd(job.getId());

        assertThat(ended.getState()).isEqualTo(Job.State.SUCCEEDED);
        assertThat(ended.hasError()).isFalse();
        assertThat(ended.getAttemptsList())
                .extracting(attempt -> attempt.getError().getMessage())
                .containsExactly("attempt 1 was told to fail", "attempt 2 was told to fail", "");
        assertThat(ended.getAttempts(0).getDuration()).isNotEqualTo(Durations.ZERO);
    }

    @Test
    void jobThatFailsAtAllAttemptsIsADeadLetterThatCanBeRedriven() {
        var id = jobs.enqueue("broken").getId();

        var dead = jobs.awaitEnd(id);

        assertThat(dead.getState()).isEqualTo(Job.State.DEAD);
        assertThat(dead.getAttemptCount()).isEqualTo(3);
        assertThat(dead.getError().getMessage()).startsWith("internal error, reference ");
        assertThat(
                        jobs.call(
                                        JobServiceGrpc.getListDeadLettersMethod(),
                                        ListDeadLettersRequest.newBuilder()
                                                .setType("broken")
                                                .build())
                                .getJobsList())
                .extracting(Job::getId)
                .containsExactly(id);

        var redriven =
                jobs.call(
                        JobServiceGrpc.getRedriveJobsMethod(),
                        RedriveJobsRequest.getDefaultInstance());
        assertThat(redriven.getCount()).isEqualTo(1);
        await(() -> jobs.get(id).getAttemptCount() == 6);
        assertThat(jobs.awaitEnd(id).getAttemptsCount()).isEqualTo(6);
    }

    @Test
    void permanentFailureIsNotRepeated() {
        var payload =
                struct("failures", 9).toBuilder()
                        .putFields(
                                "permanent",
                                com.google.protobuf.Value.newBuilder().setBoolValue(true).build());
        var id = jobs.enqueue(Job.newBuilder().setType("sleep").setPayload(payload)).getId();

        var failed = jobs.awaitEnd(id);

        assertThat(failed.getState()).isEqualTo(Job.State.FAILED);
        assertThat(failed.getAttemptCount()).isEqualTo(1);
        assertThat(
                        jobs.call(
                                        JobServiceGrpc.getRetryJobMethod(),
                                        RetryJobRequest.newBuilder().setId(id).build())
                                .getState())
                .isEqualTo(Job.State.PENDING);
        await(() -> jobs.get(id).getAttemptCount() == 2);
    }

    @Test
    void attemptThatTakesTooLongFails() {
        var id =
                jobs.enqueue(
                                Job.newBuilder()
                                        .setType("sleep")
                                        .setPayload(struct("millis", 60_000))
                                        .setTimeout(Durations.fromMillis(50))
                                        .setMaxAttempts(2))
                        .getId();

        var dead = jobs.awaitEnd(id);

        assertThat(dead.getState()).isEqualTo(Job.State.DEAD);
        assertThat(dead.getAttempts(1).getError().getCode())
                .isEqualTo(Code.DEADLINE_EXCEEDED.value());
    }

    @Test
    void waitingJobIsCancelledAtOnce() {
        var later = Timestamps.fromMillis(System.currentTimeMillis() + 3_600_000);
        var id = jobs.enqueue(counting(1).setRunTime(later)).getId();

        assertThat(jobs.cancel(id).getState()).isEqualTo(Job.State.CANCELLED);
        assertThat(jobs.cancel(id).getState()).isEqualTo(Job.State.CANCELLED);
        assertThat(jobs.texts("SELECT count(*) FROM scheduled_tasks")).containsExactly("0");
    }

    @Test
    void timesThatAreNoneAreRefused() {
        var late =
                Calls.failure(() ->
                        jobs.enqueue(
                                counting(1)
                                        .setRunTime(
                                                Timestamp.newBuilder()
                                                        .setSeconds(Long.MAX_VALUE))));
        var mixed =
                Calls.failure(() ->
                        jobs.enqueue(
                                counting(1)
                                        .setTimeout(
                                                com.google.protobuf.Duration.newBuilder()
                                                        .setSeconds(9)
                                                        .setNanos(-1))));

        assertThat(late.code()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(late.message()).startsWith("job.run_time: 9223372036854775807 s, 0 ns");
        assertThat(mixed.code()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(mixed.message()).startsWith("job.timeout: 9 s, -1 ns");
    }

    @Test
    void cancellationReachesTheHandler() throws Exception {
        var id = jobs.enqueue("gated").getId();
        assertThat(began.await(10, TimeUnit.SECONDS)).isTrue();

        assertThat(jobs.cancel(id).getCancelRequested()).isTrue();

        assertThat(jobs.awaitEnd(id).getState()).isEqualTo(Job.State.CANCELLED);
        assertThat(interrupted).isTrue();
    }

    @Test
    void cancellationReachesSql() throws Exception {
        var id = jobs.enqueue("sql").getId();
        assertThat(began.await(10, TimeUnit.SECONDS)).isTrue();

        jobs.cancel(id);

        assertThat(jobs.awaitEnd(id).getState()).isEqualTo(Job.State.CANCELLED);
    }

    @Test
    void jobThatHasEndedCannotBeCancelled() {
        var id = jobs.enqueue(counting(1)).getId();
        jobs.awaitEnd(id);

        var failure = Calls.failure(() -> jobs.cancel(id));

        assertThat(failure.reason()).contains("JOB_STATE");
        assertThat(Calls.failure(() -> jobs.get("x")).reason()).contains("JOB_NOT_FOUND");
    }

    @Test
    void uniqueKeyNamesOneJob() {
        var first = jobs.enqueue(Job.newBuilder().setType("gated").setUniqueKey("k"));
        var second = jobs.enqueue(Job.newBuilder().setType("gated").setUniqueKey("k"));
        assertThat(second.getId()).isEqualTo(first.getId());
        gate.release();
        jobs.awaitEnd(first.getId());

        var third = jobs.enqueue(Job.newBuilder().setType("gated").setUniqueKey("k"));
        assertThat(third.getId()).isNotEqualTo(first.getId());

        var windowed = counting(1).setUniqueKey("w").setUniqueWindow(Durations.fromHours(1));
        var kept = jobs.enqueue(windowed);
        jobs.awaitEnd(kept.getId());
        assertThat(jobs.enqueue(windowed).getId()).isEqualTo(kept.getId());
    }

    @Test
    void callersAtTheSameTimeGetOneJob() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var ids = new ArrayList<java.util.concurrent.Future<String>>();
            for (var i = 0; i < 20; i++) {
                ids.add(
                        threads.submit(() ->
                                jobs.enqueue(Job.newBuilder().setType("gated").setUniqueKey("same"))
                                        .getId()));
            }
            var first = ids.getFirst().get();
            for (var id : ids) {
                assertThat(id.get()).isEqualTo(first);
            }
        }
    }

    @Test
    void debouncedJobRunsOnceWithTheLastPayload() {
        var debounce = Job.Debounce.newBuilder().setQuiet(Durations.fromMillis(300)).build();
        var first = jobs.enqueue(counting(1).setUniqueKey("d").setDebounce(debounce));
        jobs.enqueue(counting(2).setUniqueKey("d").setDebounce(debounce));
        var last = jobs.enqueue(counting(3).setUniqueKey("d").setDebounce(debounce));

        assertThat(last.getId()).isEqualTo(first.getId());
        assertThat(jobs.awaitEnd(first.getId()).getResult()).isEqualTo(struct("n", 3));
        assertThat(order).containsExactly(3.0);
    }

    @Test
    void busySourceDoesNotStarveADebouncedJob() {
        var debounce =
                Job.Debounce.newBuilder()
                        .setQuiet(Durations.fromSeconds(20))
                        .setMaxWait(Durations.fromMillis(300))
                        .build();
        var id = jobs.enqueue(counting(1).setUniqueKey("b").setDebounce(debounce)).getId();
        jobs.enqueue(counting(2).setUniqueKey("b").setDebounce(debounce));

        assertThat(jobs.awaitEnd(id).getResult()).isEqualTo(struct("n", 2));
    }

    @Test
    void jobsOfAKeyRunOneAtATimeAndAllRun() {
        var ids = new ArrayList<String>();
        for (var i = 0; i < 30; i++) {
            ids.add(jobs.enqueue(Job.newBuilder().setType("gated").setConcurrencyKey("k")).getId());
        }
        gate.release(30);

        ids.forEach(id -> assertThat(jobs.awaitEnd(id).getState()).isEqualTo(Job.State.SUCCEEDED));
        assertThat(most).hasValue(1);
        assertThat(jobs.texts("SELECT count(*) FROM job_keys")).containsExactly("0");
    }

    @Test
    void cancelledJobOfAKeyLetsTheNextRun() throws Exception {
        var first = jobs.enqueue(Job.newBuilder().setType("gated").setConcurrencyKey("k")).getId();
        assertThat(began.await(10, TimeUnit.SECONDS)).isTrue();
        var second = jobs.enqueue(counting(2).setConcurrencyKey("k")).getId();
        var third = jobs.enqueue(counting(3).setConcurrencyKey("k")).getId();
        await(() -> jobs.texts("SELECT count(*) FROM jobs WHERE waiting").contains("2"));

        assertThat(jobs.cancel(second).getState()).isEqualTo(Job.State.CANCELLED);
        jobs.cancel(first);

        assertThat(jobs.awaitEnd(third).getState()).isEqualTo(Job.State.SUCCEEDED);
    }

    @Test
    void typeWithABoundLeavesRoomForOthers() {
        var ids = new ArrayList<String>();
        for (var i = 0; i < 20; i++) {
            ids.add(jobs.enqueue("single").getId());
        }
        assertThat(jobs.awaitEnd(jobs.enqueue(counting(1)).getId()).getState())
                .isEqualTo(Job.State.SUCCEEDED);
        gate.release(20);

        ids.forEach(jobs::awaitEnd);
        assertThat(most).hasValue(1);
    }

    @Test
    void urgentJobsGoFirst() throws Exception {
        jobs.enqueue("single");
        assertThat(began.await(10, TimeUnit.SECONDS)).isTrue();
        var payloads = List.of(Job.Priority.LOW, Job.Priority.NORMAL, Job.Priority.HIGH);
        var ids = new ArrayList<String>();
        for (var priority : payloads) {
            ids.add(
                    jobs.enqueue(
                                    Job.newBuilder()
                                            .setType("single")
                                            .setPriority(priority)
                                            .setPayload(struct("n", priority.getNumber())))
                            .getId());
        }
        gate.release(4);

        ids.forEach(jobs::awaitEnd);
        assertThat(order).containsExactly(3.0, 2.0, 1.0);
    }

    @Test
    void pausedTypeBeginsNothing() {
        var type =
                jobs.call(
                        JobServiceGrpc.getPauseTypeMethod(),
                        PauseTypeRequest.newBuilder().setType("count").build());
        assertThat(type.getPaused()).isTrue();
        var id = jobs.enqueue(counting(1)).getId();
        jobs.awaitEnd(jobs.enqueue(Job.newBuilder().setType("sleep")).getId());
        assertThat(jobs.get(id).getState()).isEqualTo(Job.State.PENDING);

        jobs.call(
                JobServiceGrpc.getResumeTypeMethod(),
                ResumeTypeRequest.newBuilder().setType("count").build());

        jobs.awaitEnd(id);
        assertThat(
                        jobs.call(
                                        JobServiceGrpc.getListTypesMethod(),
                                        ListTypesRequest.getDefaultInstance())
                                .getTypesList())
                .extracting(each -> each.getName())
                .contains("count", "sleep");
    }

    @Test
    void jobsAreListedByStateAndType() throws Exception {
        jobs.awaitEnd(jobs.enqueue(counting(1)).getId());
        var newer = jobs.awaitEnd(jobs.enqueue(counting(2)).getId());
        var gated = jobs.enqueue("gated");
        var later =
                jobs.enqueue(
                        counting(3).setRunTime(Timestamp.newBuilder().setSeconds(4_000_000_000L)));
        jobs.awaitState(gated.getId(), Job.State.RUNNING);

        assertThat(list(Job.State.RUNNING)).containsExactly(gated.getId());
        assertThat(list(Job.State.PENDING)).containsExactly(later.getId());
        var page =
                jobs.call(
                        JobServiceGrpc.getListJobsMethod(),
                        ListJobsRequest.newBuilder()
                                .setType("count")
                                .setState(Job.State.SUCCEEDED)
                                .setPageSize(1)
                                .build());
        assertThat(page.getJobsList()).extracting(Job::getId).containsExactly(newer.getId());
        assertThat(page.getNextPageToken()).isNotEmpty();
    }

    private List<String> list(Job.State state) {
        return jobs
                .call(
                        JobServiceGrpc.getListJobsMethod(),
                        ListJobsRequest.newBuilder().setState(state).build())
                .getJobsList()
                .stream()
                .map(Job::getId)
                .toList();
    }

    @Test
    void watchTellsProgressAndLinesAndEndsWithTheJob() throws Exception {
        var id = jobs.enqueue("talk").getId();
        jobs.awaitState(id, Job.State.RUNNING);
        var seen = Collections.synchronizedList(new ArrayList<WatchJobResponse>());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var watch = threads.submit(() -> watch(id, "", seen));
            await(() -> has(seen, KindCase.SYNCED));
            gate.release(2);
            await(() -> seen.stream().anyMatch(each -> each.getReport().getProgress() == 0.5));
            gate.release(2);
            watch.get(20, TimeUnit.SECONDS);
        }

        assertThat(seen.getFirst().getExisting().getJob().getState()).isEqualTo(Job.State.RUNNING);
        assertThat(seen.getLast().getEnded().getResult()).isEqualTo(struct("steps", 4));
        assertThat(seen)
                .flatMap(each -> each.getReport().getLinesList())
                .extracting(line -> line.getNumber() + " " + line.getText())
                .containsExactly("1 step 1", "2 step 2", "3 step 3", "4 step 4");

        for (var from : seen) {
            if (!from.getToken().isEmpty()) {
                var again = new ArrayList<WatchJobResponse>();
                watch(id, from.getToken(), again);
                assertThat(again)
                        .as("behind %s", from)
                        .isEqualTo(
                                seen.stream().filter(each -> isBehind(seen, each, from)).toList());
            }
        }
        var whole = new ArrayList<WatchJobResponse>();
        watch(id, "", whole);
        assertThat(whole)
                .extracting(WatchJobResponse::getKindCase)
                .containsExactly(KindCase.EXISTING, KindCase.SYNCED);
        assertThat(whole.getFirst().getExisting().getLinesCount()).isEqualTo(4);
    }

    private static boolean isBehind(
            List<WatchJobResponse> seen, WatchJobResponse each, WatchJobResponse from) {
        return seen.indexOf(each) > seen.indexOf(from)
                && each.getKindCase() != KindCase.BOOKMARK
                && each.getKindCase() != KindCase.SYNCED;
    }

    private static boolean has(List<WatchJobResponse> seen, KindCase kind) {
        return List.copyOf(seen).stream().anyMatch(each -> each.getKindCase() == kind);
    }

    private String watch(String id, String from, List<WatchJobResponse> into) {
        var method = JobServiceGrpc.getWatchJobMethod();
        jobs.calls()
                .run(
                        jobs.calls().open(method, java.util.Optional.empty()),
                        method,
                        WatchJobRequest.newBuilder().setId(id).setFrom(from).build(),
                        into::add);
        return id;
    }

    @Test
    void unknownTypeAndBadPayloadAreRefused() {
        assertThat(Calls.failure(() -> jobs.enqueue("nothing")).reason())
                .contains("UNKNOWN_JOB_TYPE");
        assertThat(
                        Calls.failure(() ->
                                        jobs.enqueue(
                                                Job.newBuilder()
                                                        .setType("sleep")
                                                        .setPayload(struct("millis", -1))))
                                .code())
                .isEqualTo(Code.INVALID_ARGUMENT);
    }

    @Test
    void linesAreBounded() {
        var open = new AtomicInteger();
        try (var other =
                TestJobs.start(
                        TestJobs.quick(),
                        fresh ->
                                fresh.add(
                                        JobDefinition.of(
                                                "noisy",
                                                (_, context) -> {
                                                    for (var i = 0; i < 1000; i++) {
                                                        context.log(
                                                                "line " + open.incrementAndGet());
                                                    }
                                                    return Struct.getDefaultInstance();
                                                })))) {
            other.awaitEnd(other.enqueue("noisy").getId());
            assertThat(other.texts("SELECT count(*) FROM job_lines")).containsExactly("20");
        }
    }

    @Test
    void jobIsInterruptedByTheStopAndRunsElsewhere() throws Exception {
        var id = jobs.enqueue("gated").getId();
        assertThat(began.await(10, TimeUnit.SECONDS)).isTrue();
        try (var other = jobs.replica(TestJobs.quick(), this::types)) {
            jobs.jobs().close();
            assertThat(interrupted).isTrue();
            gate.release();
            var ended = other.awaitEnd(id);
            assertThat(ended.getState()).isEqualTo(Job.State.SUCCEEDED);
            assertThat(ended.getAttemptCount()).isEqualTo(1);
        }
    }

    @Test
    void sweepRemovesWhatEndedLongAgo() {
        var quick = TestJobs.quick();
        var brief =
                new Settings(
                        quick.concurrency(),
                        quick.pollInterval(),
                        quick.heartbeat(),
                        quick.shutdownWait(),
                        quick.timeout(),
                        quick.maxAttempts(),
                        quick.firstPause(),
                        quick.lastPause(),
                        quick.maxPayloadSize(),
                        quick.maxLines(),
                        Duration.ofSeconds(1),
                        Duration.ofDays(1));
        try (var other = TestJobs.start(brief, this::types)) {
            var id = other.enqueue(Job.newBuilder().setType("sleep").setUniqueKey("u")).getId();
            var dead = other.enqueue("broken").getId();
            other.awaitEnd(id);
            other.awaitEnd(dead);
            await(() -> {
                other.jobs().sweep();
                return other.texts("SELECT count(*) FROM jobs").contains("1");
            });
            assertThat(other.get(dead).getState()).isEqualTo(Job.State.DEAD);
            assertThat(other.texts("SELECT DISTINCT job FROM job_attempts")).containsExactly(dead);
            assertThat(other.texts("SELECT count(*) FROM job_lines")).containsExactly("0");
            assertThat(other.texts("SELECT count(*) FROM job_uniques")).containsExactly("0");
        }
    }

    @Test
    void scheduleMakesOneJobEachTimeHoweverManyReplicas() {
        var second =
                new Schedule(
                        "tick", "* * * * * *", ZoneId.of("Europe/Berlin"), counting(1).build());
        try (var one = TestJobs.start(TestJobs.quick(), open -> types(open).add(second));
                var other = one.replica(TestJobs.quick(), open -> types(open).add(second))) {
            await(() -> runs.get() >= 3);
            assertThat(other.texts("SELECT count(DISTINCT unique_key) - count(*) FROM jobs"))
                    .containsExactly("0");
            assertThat(
                            one.texts(
                                    "SELECT count(DISTINCT date_trunc('second', create_time)) - count(*) FROM jobs"))
                    .containsExactly("0");
        }
    }

    @Test
    void scheduleKeepsTheTimeOfItsZone() {
        var daily =
                new Schedule(
                        "daily",
                        "30 2 * * *",
                        ZoneId.of("Europe/Berlin"),
                        Job.getDefaultInstance());

        var winter = daily.times().getInitialExecutionTime(Instant.parse("2026-01-10T12:00:00Z"));
        var summer = daily.times().getInitialExecutionTime(Instant.parse("2026-07-10T12:00:00Z"));

        assertThat(winter).isEqualTo("2026-01-11T01:30:00Z");
        assertThat(summer).isEqualTo("2026-07-11T00:30:00Z");
        assertThatThrownBy(() ->
                        new Schedule("x", "never", ZoneId.of("UTC"), Job.getDefaultInstance()))
                .hasMessageContaining("never");
    }
}
