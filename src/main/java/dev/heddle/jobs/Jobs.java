package dev.heddle.jobs;

import com.github.kagkarlsson.scheduler.CurrentlyExecuting;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.heddle.db.Database;
import dev.heddle.db.Notifications;
import dev.heddle.db.Participant;
import dev.heddle.db.Triggers;
import dev.heddle.feed.Feed;
import dev.heddle.jobs.v1.Job;
import dev.heddle.rpc.RpcException;
import io.helidon.dbclient.DbExecute;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Background work of a replica: takes jobs within the caller's transaction, and does them.
///
/// Types and schedules are added, then it is started. It has connections of its own.
public final class Jobs implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(Jobs.class.getName());
    private static final int MISSED_HEARTBEATS = 4;

    /// How long attempts may take to end once they are cut off.
    private static final Duration CUT_OFF_WAIT = Duration.ofSeconds(5);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);
    private static final String SCHEDULES = "schedule:";

    /// Who asks for the jobs of schedules: the gateway, which is nobody.
    private static final String GATEWAY = "";

    private final Database.Settings databaseSettings;
    private final Settings settings;
    private final MeterRegistry registry;
    private final Database database;
    private final JobEvents events;
    private final Map<String, JobDefinition> types = new TreeMap<>();
    private final SequencedMap<String, Schedule> schedules = new LinkedHashMap<>();
    private final Slots slots = new Slots();
    private final JobMeters meters;
    private final Intake intake;
    private final Runner runner;
    private final Ledger ledger;
    private final Upkeep upkeep;
    private Optional<Running> running = Optional.empty();

    private record Running(Triggers triggers, Scheduler scheduler, Notifications notifications) {}

    /// The jobs that a transaction makes due.
    private final class Signal implements Participant {
        private final Set<String> due = new TreeSet<>();

        @Override
        public void beforeCommit(DbExecute db) {
            // all is written
        }

        @Override
        public void afterCommit() {
            var isFull =
                    runner.count() >= settings.concurrency()
                            || due.stream().anyMatch(type -> slots.count(type) >= bound(type));
            if (isFull) {
                ledger.hintOthers();
            }
            wake();
        }
    }

    private Jobs(
            Database.Settings databaseSettings,
            Feed feed,
            Settings settings,
            MeterRegistry registry,
            Clock clock) {
        this.databaseSettings = settings.pool(databaseSettings);
        this.settings = settings;
        this.registry = registry;
        this.database = Database.open("heddle-jobs", this.databaseSettings, registry);
        this.events = new JobEvents(feed);
        this.meters = new JobMeters(registry);
        this.intake = new Intake(settings, types);
        this.runner =
                new Runner(
                        UUID.randomUUID().toString(),
                        settings,
                        types,
                        slots,
                        database,
                        meters,
                        clock);
        this.ledger = new Ledger(database, events, runner::takeReports, this::wake);
        this.upkeep = new Upkeep(database, settings, runner, this::wake);
    }

    /// Opens the connections, without waiting for the database to be there.
    ///
    /// @param databaseSettings where the database is, whose schema is up to date
    /// @param feed where what happens to jobs is published
    public static Jobs open(
            Database.Settings databaseSettings,
            Feed feed,
            Settings settings,
            MeterRegistry meters,
            Clock clock) {
        return new Jobs(databaseSettings, feed, settings, meters, clock);
    }

    /// Adds a type, before the start.
    ///
    /// @throws IllegalArgumentException for a name that is taken
    public Jobs add(JobDefinition type) {
        if (types.putIfAbsent(type.name(), type) != null) {
            throw new IllegalArgumentException(
                    "job type %s: added twice (expected: once)".formatted(type.name()));
        }
        slots.add(type.name(), bound(type.name()));
        meters.watch(type.name(), slots);
        return this;
    }

    /// Adds a schedule, before the start and after the type of its job.
    ///
    /// @throws IllegalArgumentException for a name that is taken, or a type that is not there
    public Jobs add(Schedule schedule) {
        if (!types.containsKey(schedule.job().getType())) {
            throw new IllegalArgumentException(
                    "schedule %s: job type \"%s\" (expected: one that was added)"
                            .formatted(schedule.name(), schedule.job().getType()));
        }
        if (schedules.putIfAbsent(schedule.name(), schedule) != null) {
            throw new IllegalArgumentException(
                    "schedule %s: added twice (expected: once)".formatted(schedule.name()));
        }
        slots.add(SCHEDULES + schedule.name(), 1);
        return this;
    }

    /// Begins to do jobs.
    public Jobs start() {
        var triggers = Triggers.open("heddle-triggers", databaseSettings, registry);
        var scheduler = scheduler(triggers);
        ledger.start();
        scheduler.start();
        upkeep.start();
        running =
                Optional.of(
                        new Running(
                                triggers,
                                scheduler,
                                Notifications.listen(
                                        databaseSettings, Notice.CHANNEL, this::notified)));
        return this;
    }

    /// Takes a job in, within the caller's transaction: it is there if that is committed, and then
    /// begins at once if it may.
    ///
    /// @param job what is to be done; what only the server sets is ignored
    /// @param creator who asks for it, whose it is then; empty: the gateway
    /// @return the job, or the one that has its unique key
    /// @throws RpcException INVALID_ARGUMENT, reason `UNKNOWN_JOB_TYPE` or `PAYLOAD_TOO_LARGE`, or
    ///   for a payload that the type can't take
    /// @throws IllegalStateException outside of a transaction
    public Job enqueue(DbExecute db, Job job, String creator) {
        signal(job.getType());
        return intake.take(db, job, creator);
    }

    /// Takes many jobs in as [#enqueue] does one, at less cost.
    ///
    /// @return what [#enqueue] would return for each
    public List<Job> enqueueAll(DbExecute db, List<Job> wanted, String creator) {
        wanted.forEach(job -> signal(job.getType()));
        return intake.takeAll(db, wanted, creator);
    }

    /// Has the gateways look for due jobs of a type when the current transaction is committed.
    void signal(String type) {
        ((Signal) Database.participant(this, Signal::new)).due.add(type);
    }

    Map<String, JobDefinition> types() {
        return types;
    }

    Settings settings() {
        return settings;
    }

    JobEvents events() {
        return events;
    }

    /// How many jobs of a type this gateway runs at once.
    int bound(String type) {
        return Optional.ofNullable(types.get(type)).stream()
                .mapToInt(each -> each.concurrency().orElse(settings.concurrency()))
                .map(each -> Math.min(each, settings.concurrency()))
                .findFirst()
                .orElse(1);
    }

    /// Removes what is old now.
    void sweep() {
        upkeep.sweep();
    }

    private Scheduler scheduler(Triggers triggers) {
        var tasks = new ArrayList<Task<?>>();
        types.keySet().forEach(type -> tasks.add(new JobTask(type, this::run, this::lost)));
        var recurring = schedules.values().stream().map(this::recurring).toList();
        return triggers.scheduler(TriggerStore.pick(slots), tasks)
                .startTasks(List.copyOf(recurring))
                .schedulerName(new SchedulerName.Fixed(runner.name()))
                .threads(settings.concurrency())
                .executorService(
                        Executors.newThreadPerTaskExecutor(
                                Thread.ofVirtual().name("heddle-job-", 0).factory()))
                .pollUsingLockAndFetch(0.99, 1)
                .pollingInterval(settings.pollInterval())
                .heartbeatInterval(settings.heartbeat())
                .missedHeartbeatsLimit(MISSED_HEARTBEATS)
                .shutdownMaxWait(CUT_OFF_WAIT)
                .addSchedulerListener(
                        new AbstractSchedulerListener() {
                            @Override
                            public void onExecutionFailedHeartbeat(CurrentlyExecuting executing) {
                                taken(executing.getExecution());
                            }
                        })
                .build();
    }

    private com.github.kagkarlsson.scheduler.task.helper.RecurringTask<Void> recurring(
            Schedule schedule) {
        return Tasks.recurring(SCHEDULES + schedule.name(), schedule.times())
                .execute((_, context) -> {
                    slots.release(SCHEDULES + schedule.name());
                    var due = schedule.at(context.getExecution().executionTime);
                    var _ = database.transaction(db -> enqueue(db, due, GATEWAY));
                });
    }

    private void run(Picked job) throws InterruptedException {
        if (runner.run(job, ledger)) {
            wake();
        }
    }

    /// A job was running on a gateway that has not been heard of since.
    private void lost(Execution execution) {
        var id = UUID.fromString(execution.getId());
        var found =
                database.plain(db ->
                        new TriggerStore()
                                .find(db, id, execution.getTaskName(), execution.version));
        if (found.isEmpty()) {
            return;
        }
        var job = found.get();
        LOGGER.log(Level.WARNING, "job {0}, attempt {1}: its gateway is gone", id, job.attempt());
        try {
            var runnerName = Optional.ofNullable(execution.pickedBy).orElse("");
            var _ = ledger.write(new Outcome(job, Runner.lost(job), runnerName), Optional.empty());
            wake();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void taken(Execution execution) {
        if (!execution.getId().equals(TriggerStore.RECURRING)) {
            runner.end(UUID.fromString(execution.getId()), execution.version, JobRun.Ending.LOST);
        }
    }

    private void notified(String message) {
        if (message.equals(Notice.DUE)) {
            wake();
        } else {
            runner.end(UUID.fromString(message), JobRun.Ending.CANCELLED);
        }
    }

    private void wake() {
        slots.hint();
        running.ifPresent(each -> each.scheduler().triggerCheckForDueExecutions());
    }

    /// Takes no more jobs, lets those that run end, and hands those that don't to other gateways.
    @Override
    public void close() {
        running.ifPresent(each -> {
            each.scheduler().pause();
            each.notifications().close();
            awaitNone(settings.shutdownWait());
            runner.stop();
            each.scheduler().stop();
        });
        upkeep.close();
        if (running.isPresent()) {
            ledger.close();
        }
        running.ifPresent(each -> each.triggers().close());
        database.close();
    }

    private void awaitNone(Duration patience) {
        var end = System.nanoTime() + patience.toNanos();
        try {
            while (runner.count() > 0 && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(LOOK_AGAIN.toMillis());
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
