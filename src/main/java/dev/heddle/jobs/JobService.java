package dev.heddle.jobs;

import com.google.protobuf.util.Durations;
import dev.heddle.db.Condition;
import dev.heddle.db.Database;
import dev.heddle.db.PageTokens;
import dev.heddle.db.RequestIds;
import dev.heddle.feed.Feed;
import dev.heddle.jobs.v1.CancelJobRequest;
import dev.heddle.jobs.v1.EnqueueJobRequest;
import dev.heddle.jobs.v1.GetJobRequest;
import dev.heddle.jobs.v1.Job;
import dev.heddle.jobs.v1.JobServiceGrpc;
import dev.heddle.jobs.v1.JobType;
import dev.heddle.jobs.v1.ListDeadLettersRequest;
import dev.heddle.jobs.v1.ListDeadLettersResponse;
import dev.heddle.jobs.v1.ListJobsRequest;
import dev.heddle.jobs.v1.ListJobsResponse;
import dev.heddle.jobs.v1.ListTypesRequest;
import dev.heddle.jobs.v1.ListTypesResponse;
import dev.heddle.jobs.v1.PauseTypeRequest;
import dev.heddle.jobs.v1.RedriveJobsRequest;
import dev.heddle.jobs.v1.RedriveJobsResponse;
import dev.heddle.jobs.v1.ResumeTypeRequest;
import dev.heddle.jobs.v1.RetryJobRequest;
import dev.heddle.jobs.v1.WatchJobRequest;
import dev.heddle.jobs.v1.WatchJobResponse;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Caller;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import io.grpc.Status.Code;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Serves `heddle.jobs.v1.JobService`; what each method promises is in
/// `proto/heddle/jobs/v1/jobs.proto`.
public final class JobService implements Rpcs.Service {
    private static final int MOST_REDRIVEN = 1000;

    private final Database database;
    private final Feed feed;
    private final Jobs jobs;
    private final JobPages pages;
    private final Steering steering;
    private final JobStore store = new JobStore();
    private final TypeStore types = new TypeStore();

    public JobService(Database database, Feed feed, Jobs jobs, PageTokens pageTokens) {
        this.database = database;
        this.feed = feed;
        this.jobs = jobs;
        this.pages = new JobPages(database, pageTokens);
        this.steering = new Steering(jobs);
    }

    @Override
    public void register(Rpcs.Builder rpcs) {
        rpcs.unary(JobServiceGrpc.getEnqueueJobMethod(), this::enqueue)
                .unary(JobServiceGrpc.getGetJobMethod(), this::get)
                .unary(JobServiceGrpc.getListJobsMethod(), this::list)
                .serverStreaming(JobServiceGrpc.getWatchJobMethod(), this::watch)
                .unary(JobServiceGrpc.getCancelJobMethod(), this::cancel)
                .unary(JobServiceGrpc.getRetryJobMethod(), this::retry)
                .unary(JobServiceGrpc.getListDeadLettersMethod(), this::listDeadLetters)
                .unary(JobServiceGrpc.getRedriveJobsMethod(), this::redrive)
                .unary(JobServiceGrpc.getPauseTypeMethod(), this::pause)
                .unary(JobServiceGrpc.getResumeTypeMethod(), this::resume)
                .unary(JobServiceGrpc.getListTypesMethod(), this::listTypes);
    }

    Job enqueue(EnqueueJobRequest request, Call call) {
        checkScope(request.getJob(), call.caller());
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                Job.parser(),
                db -> jobs.enqueue(db, request.getJob(), call.caller().subject()));
    }

    Job get(GetJobRequest request, Call call) {
        var id = Steering.parseId(request.getId());
        var own = Steering.own(call);
        return database.snapshot(db -> store.getWhole(db, id))
                .filter(job -> own.reaches(job.getCreator()))
                .orElseThrow(() -> Steering.notFound(request.getId()));
    }

    ListJobsResponse list(ListJobsRequest request, Call call) {
        var creator = Steering.own(call).person("");
        var page =
                pages.read(
                        inState(request.getState())
                                .and(ofType(request.getType()))
                                .and(JobPages.createdBy(creator)),
                        request.getPageSize(),
                        request.getPageToken(),
                        List.of(
                                call.rpc().contract().name(),
                                creator,
                                request.getType(),
                                Integer.toString(request.getStateValue())));
        return ListJobsResponse.newBuilder()
                .addAllJobs(page.items())
                .setNextPageToken(page.nextToken())
                .build();
    }

    void watch(WatchJobRequest request, Outbound<WatchJobResponse> out, Call call)
            throws InterruptedException {
        new JobWatch(database, feed, Steering.parseId(request.getId()), Steering.own(call))
                .run(request.getFrom(), out, call);
    }

    Job cancel(CancelJobRequest request, Call call) {
        var id = Steering.parseId(request.getId());
        return database.transaction(db -> steering.cancel(db, id, Steering.own(call)));
    }

    Job retry(RetryJobRequest request, Call call) {
        var id = Steering.parseId(request.getId());
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                Job.parser(),
                db -> {
                    var own = Steering.own(call);
                    // what a caller may not ask for any more doesn't run again for them either
                    checkScope(steering.lock(db, id, own), call.caller());
                    return steering.retry(db, id, own);
                });
    }

    ListDeadLettersResponse listDeadLetters(ListDeadLettersRequest request, Call call) {
        var creator = Steering.own(call).person("");
        var page =
                pages.read(
                        inState(Job.State.DEAD)
                                .and(ofType(request.getType()))
                                .and(JobPages.createdBy(creator)),
                        request.getPageSize(),
                        request.getPageToken(),
                        List.of(call.rpc().contract().name(), creator, request.getType()));
        return ListDeadLettersResponse.newBuilder()
                .addAllJobs(page.items())
                .setNextPageToken(page.nextToken())
                .build();
    }

    RedriveJobsResponse redrive(RedriveJobsRequest request, Call call) {
        var limit = request.getLimit() == 0 ? MOST_REDRIVEN : request.getLimit();
        return RequestIds.once(
                database,
                call,
                request.getRequestId(),
                request,
                RedriveJobsResponse.parser(),
                db ->
                        RedriveJobsResponse.newBuilder()
                                .setCount(steering.redrive(db, request.getType(), limit))
                                .build());
    }

    JobType pause(PauseTypeRequest request, Call call) {
        return setPaused(request.getType(), true);
    }

    JobType resume(ResumeTypeRequest request, Call call) {
        return setPaused(request.getType(), false);
    }

    ListTypesResponse listTypes(ListTypesRequest request, Call call) {
        var paused = database.plain(types::paused);
        return ListTypesResponse.newBuilder()
                .addAllTypes(
                        jobs.types().values().stream()
                                .map(type -> type(type, paused.contains(type.name())))
                                .toList())
                .build();
    }

    /// Some work shows or changes what isn't the caller's own.
    private void checkScope(Job wanted, Caller caller) {
        Optional.ofNullable(jobs.types().get(wanted.getType()))
                .map(type -> type.scope().apply(wanted.getPayload()))
                .filter(scope -> !caller.holds(scope))
                .ifPresent(scope -> {
                    throw RpcException.missingScope(scope);
                });
    }

    private JobType setPaused(String name, boolean isPaused) {
        var type =
                Optional.ofNullable(jobs.types().get(name))
                        .orElseThrow(() ->
                                new RpcException(
                                                Code.NOT_FOUND,
                                                "no job type \"%s\"".formatted(name))
                                        .withReason("UNKNOWN_JOB_TYPE", Map.of("type", name)));
        return database.transaction(db -> {
            types.setPaused(db, name, isPaused);
            if (!isPaused) {
                store.notify(db, Notice.DUE);
            }
            return type(type, isPaused);
        });
    }

    private JobType type(JobDefinition type, boolean isPaused) {
        var settings = jobs.settings();
        return JobType.newBuilder()
                .setName(type.name())
                .setPaused(isPaused)
                .setConcurrency(jobs.bound(type.name()))
                .setMaxAttempts(type.maxAttempts().orElse(settings.maxAttempts()))
                .setTimeout(
                        Durations.fromMillis(type.timeout().orElse(settings.timeout()).toMillis()))
                .build();
    }

    private static Condition ofType(String type) {
        return type.isEmpty()
                ? Condition.TRUE
                : new Condition("(jobs.type = :type)", Map.of("type", type));
    }

    /// A job that runs has a trigger that is picked.
    private static Condition inState(Job.State state) {
        return switch (state) {
            case STATE_UNSPECIFIED, UNRECOGNIZED -> Condition.TRUE;
            case PENDING -> new Condition("(state = 1 AND picked IS NOT TRUE)", Map.of());
            case RUNNING ->
                    new Condition(
                            """
                            (state = 1 AND picked AND jobs.id = ANY (ARRAY(
                              SELECT CAST(NULLIF(task_instance, 'recurring') AS uuid)
                              FROM scheduled_tasks WHERE last_heartbeat IS NOT NULL)))
                            """,
                            Map.of());
            case SUCCEEDED, FAILED, CANCELLED, DEAD ->
                    new Condition("(state = :state)", Map.of("state", state.getNumber()));
        };
    }
}
