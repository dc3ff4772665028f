package dev.heddle.jobs;

import com.google.protobuf.util.Durations;
import com.google.rpc.RetryInfo;
import dev.heddle.db.Database;
import dev.heddle.feed.Payloads;
import dev.heddle.rpc.Failures;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Makes the attempts of this gateway, and decides what becomes of their jobs.
final class Runner {
    private static final Logger LOGGER = System.getLogger(Runner.class.getName());
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final String name;
    private final Settings settings;
    private final Map<String, JobDefinition> types;
    private final Slots slots;
    private final Database database;
    private final Clock clock;
    private final JobMeters meters;
    private final TriggerStore triggers = new TriggerStore();
    private final KeyStore keys = new KeyStore();
    private final Map<UUID, JobRun> running = new ConcurrentHashMap<>();
    private volatile boolean isStopping;

    /// @param name how others know this gateway
    Runner(
            String name,
            Settings settings,
            Map<String, JobDefinition> types,
            Slots slots,
            Database database,
            JobMeters meters,
            Clock clock) {
        this.name = name;
        this.settings = settings;
        this.types = types;
        this.slots = slots;
        this.database = database;
        this.meters = meters;
        this.clock = clock;
    }

    /// Makes an attempt, and has its outcome written.
    ///
    /// @return whether another job may wait for the place
    boolean run(Picked job, Ledger ledger) throws InterruptedException {
        var run = new JobRun(job, settings.maxLines(), clock);
        running.put(job.id(), run);
        if (isStopping) {
            run.end(JobRun.Ending.STOPPING);
        }
        var start = System.nanoTime();
        try {
            var verdict = verdict(run);
            if (verdict.isPresent()) {
                write(new Outcome(job, verdict.get(), name), run, ledger);
                meters.ended(job.type(), verdict.get(), System.nanoTime() - start);
            }
        } finally {
            running.remove(job.id(), run);
            slots.release(job.type());
        }
        return slots.isShort();
    }

    /// What becomes of a job whose gateway is gone: that was an attempt, so that a job that ends
    /// gateways ends itself.
    static Verdict lost(Picked job) {
        var error =
                new RpcException(Code.UNAVAILABLE, "the gateway that ran it is gone").toStatus();
        if (job.isCancelled()) {
            return new Verdict.Cancelled(error);
        }
        return job.isLastAttempt()
                ? new Verdict.Dead(error)
                : new Verdict.Again(error, Duration.ZERO);
    }

    /// Cuts off the attempt at a job, if it is made here.
    void end(UUID id, JobRun.Ending why) {
        Optional.ofNullable(running.get(id)).ifPresent(run -> run.end(why));
    }

    /// Cuts off an attempt, if it is made here.
    void end(UUID id, long fence, JobRun.Ending why) {
        Optional.ofNullable(running.get(id))
                .filter(run -> run.fencingToken() == fence)
                .ifPresent(run -> run.end(why));
    }

    /// Cuts off all attempts, and those to come.
    void stop() {
        isStopping = true;
        running.values().forEach(run -> run.end(JobRun.Ending.STOPPING));
    }

    /// The jobs that run here.
    List<UUID> running() {
        return List.copyOf(running.keySet());
    }

    /// How others know this gateway.
    String name() {
        return name;
    }

    int count() {
        return running.size();
    }

    /// What has been told since the last call.
    List<Report> takeReports() {
        return running.values().stream().flatMap(run -> run.takeReport().stream()).toList();
    }

    private void write(Outcome outcome, JobRun run, Ledger ledger) throws InterruptedException {
        if (!ledger.write(outcome, run.takeRest())) {
            LOGGER.log(
                    Level.WARNING,
                    "job {0}, attempt {1}: its outcome came too late, another gateway has it",
                    outcome.job().id(),
                    outcome.job().attempt());
        }
    }

    /// @return empty for a job that was parked until its key is free
    private Optional<Verdict> verdict(JobRun run) {
        var job = run.job();
        try {
            if (!job.key().isEmpty() && !job.isCancelled() && !enter(job)) {
                return Optional.empty();
            }
        } catch (RpcException e) {
            LOGGER.log(Level.WARNING, "the concurrency key of job " + job.id(), e);
            return Optional.of(new Verdict.Released(PAUSE));
        }
        return Optional.of(attempt(run));
    }

    /// Takes the job's concurrency key, or parks the job.
    private boolean enter(Picked job) {
        return database.transaction(db -> {
            var isTaken = keys.take(db, job.key(), job.id());
            if (!isTaken && triggers.park(db, job)) {
                keys.park(db, job);
            }
            return isTaken;
        });
    }

    private Verdict attempt(JobRun run) {
        var job = run.job();
        if (job.isCancelled()) {
            run.end(JobRun.Ending.CANCELLED);
        }
        try {
            var definition = Optional.ofNullable(types.get(job.type())).orElseThrow();
            var result = Payloads.of(run.make(definition.handler()));
            var size = result.getBytes(StandardCharsets.UTF_8).length;
            return size <= settings.maxPayloadSize()
                    ? new Verdict.Succeeded(result)
                    : new Verdict.Failed(tooLarge(size).toStatus());
        } catch (PermanentFailureException e) {
            return ending(run).orElseGet(() -> new Verdict.Failed(e.failure().toStatus()));
        } catch (Throwable e) {
            // an Error too: it is the job's, and its place must not be lost with it
            return ending(run).orElseGet(() -> failure(run, e));
        }
    }

    private static Optional<Verdict> ending(JobRun run) {
        return run.ending()
                .map(why ->
                        switch (why) {
                            case CANCELLED ->
                                    new Verdict.Cancelled(
                                            run.cancellation().orElseThrow().toStatus());
                            case LOST, STOPPING -> new Verdict.Released(Duration.ZERO);
                        });
    }

    private Verdict failure(JobRun run, Throwable failure) {
        var job = run.job();
        var reason =
                run.cancellation()
                        .orElseGet(() -> Failures.toRpcException(failure, "job " + job.type()));
        return job.isLastAttempt()
                ? new Verdict.Dead(reason.toStatus())
                : new Verdict.Again(reason.toStatus(), pause(job, reason));
    }

    /// As long as the settings say, or else as the failure does, within their bound.
    private Duration pause(Picked job, RpcException reason) {
        var usual = settings.pauseAfter(job.attemptOfRound());
        var asked =
                reason.detail(RetryInfo.class)
                        .map(info -> Duration.ofMillis(Durations.toMillis(info.getRetryDelay())))
                        .orElse(Duration.ZERO);
        var bounded = asked.compareTo(settings.lastPause()) < 0 ? asked : settings.lastPause();
        return bounded.compareTo(usual) > 0 ? bounded : usual;
    }

    private RpcException tooLarge(int size) {
        return new RpcException(
                Code.OUT_OF_RANGE,
                "a result of %d bytes of JSON (expected: at most %d)"
                        .formatted(size, settings.maxPayloadSize()));
    }
}
