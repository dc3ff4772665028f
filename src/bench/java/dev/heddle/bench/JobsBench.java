package dev.heddle.bench;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.SchedulableInstance;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.google.protobuf.Struct;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.heddle.db.Database;
import dev.heddle.feed.Feed;
import dev.heddle.jobs.JobDefinition;
import dev.heddle.jobs.Jobs;
import dev.heddle.jobs.Settings;
import dev.heddle.jobs.v1.Job;
import dev.heddle.testing.TestPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "jobs",
        description = "Does jobs, beside plain db-scheduler, and measures how soon one begins.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class JobsBench implements Callable<Integer> {
    private static final int ROUNDS = 4;
    private static final int AT_ONCE = 200;
    private static final int BATCH = 1_000;
    private static final double TARGET = 9_000;
    private static final double PICK_UP_TARGET = 2;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final long PAUSE_NANOS = 2_000_000;
    private static final String NOTHING = "nothing";
    private static final String TELL = "tell";

    @Option(names = "--jobs", paramLabel = "N", description = "How many jobs a round has.")
    private int count = 40_000;

    @Option(
            names = "--pick-ups",
            paramLabel = "N",
            description = "How many jobs are measured from their commit to their beginning.")
    private int pickUps = 1_000;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where the database gets a folder for the time of the run.")
    private Path data = Path.of("target", "bench");

    @Spec private CommandSpec spec = CommandSpec.create();

    /// What ends a round, when as much has been done.
    private final Semaphore done = new Semaphore(0);

    private final SynchronousQueue<Long> begun = new SynchronousQueue<>();

    @Override
    public Integer call() throws Exception {
        check("--jobs", count, 10_000_000);
        check("--pick-ups", pickUps, 1_000_000);
        var out = spec.commandLine().getOut();
        out.println("starting PostgreSQL (fsync on)");
        try (var gateway = BenchGateway.start(data)) {
            var postgres = gateway.postgres();
            var settings =
                    Database.Settings.of(
                            postgres.jdbcUrl(), postgres.username(), postgres.password());
            var meters = new SimpleMeterRegistry();
            try (var feed = Feed.start(settings, dev.heddle.feed.Settings.DEFAULT, meters);
                    var jobs = Jobs.open(settings, feed, settings(), meters, Clock.systemUTC())) {
                jobs.add(JobDefinition.of(NOTHING, (_, _) -> finish()));
                jobs.add(JobDefinition.of(TELL, (_, _) -> tell()));
                jobs.start();
                pickUp(gateway.database(), jobs, out);
                throughput(gateway, jobs, out);
            }
        }
        return ExitCode.OK;
    }

    private void check(String option, int value, int max) {
        if (value < 1 || value > max) {
            throw new ParameterException(
                    spec.commandLine(), "%s: %d (expected: 1 to %d)".formatted(option, value, max));
        }
    }

    private static Settings settings() {
        var defaults = Settings.DEFAULT;
        return new Settings(
                AT_ONCE,
                defaults.pollInterval(),
                defaults.heartbeat(),
                defaults.shutdownWait(),
                defaults.timeout(),
                defaults.maxAttempts(),
                defaults.firstPause(),
                defaults.lastPause(),
                defaults.maxPayloadSize(),
                defaults.maxLines(),
                defaults.retention(),
                defaults.deadRetention());
    }

    private Struct finish() {
        done.release();
        return Struct.getDefaultInstance();
    }

    private Struct tell() throws InterruptedException {
        begun.put(System.nanoTime());
        return Struct.getDefaultInstance();
    }

    /// One job after the other, each into an idle gateway.
    private void pickUp(Database database, Jobs jobs, PrintWriter out) throws InterruptedException {
        out.printf("%nFrom a job's commit to its beginning: ms%n");
        var nanos = new Histogram(3);
        for (var i = 0; i < pickUps + pickUps / 2; i++) {
            var _ =
                    database.transaction(db ->
                            jobs.enqueue(db, Job.newBuilder().setType(TELL).build(), "bench"));
            var committed = System.nanoTime();
            var waited = begun.take() - committed;
            if (i >= pickUps / 2) {
                nanos.recordValue(Math.max(0, waited));
            }
        }
        var median = nanos.getValueAtPercentile(50) / NANOS_PER_MILLI;
        out.printf(
                "  p50 %.2f  p99 %.2f  target %s, %s%n",
                median,
                nanos.getValueAtPercentile(99) / NANOS_PER_MILLI,
                PICK_UP_TARGET,
                median <= PICK_UP_TARGET ? "met" : "missed");
    }

    private void throughput(BenchGateway gateway, Jobs jobs, PrintWriter out) throws Exception {
        out.printf("%nJobs that do nothing, %,d a round, %d at once: jobs/s%n", count, AT_ONCE);
        var ours = new ArrayList<Double>();
        var bare = new ArrayList<Double>();
        var ratios = new ArrayList<Double>();
        for (var round = 0; round < ROUNDS; round++) {
            var heddle = drain(gateway, jobs);
            var plain = drainBare(gateway.postgres());
            // the first round warms up
            if (round > 0) {
                ours.add(heddle);
                bare.add(plain);
                ratios.add(heddle / plain);
                out.printf(
                        "  round %d of %d:  Heddle %,.0f  db-scheduler %,.0f%n",
                        round, ROUNDS - 1, heddle, plain);
            }
        }
        var rate = Load.median(ours);
        out.printf(
                "  %6.2f  Heddle        %,10.0f jobs/s  target %,.0f, %s%n",
                Load.median(ratios), rate, TARGET, rate >= TARGET ? "met" : "missed");
        out.printf("  %6.2f  db-scheduler  %,10.0f jobs/s%n", 1.0, Load.median(bare));
    }

    /// From the first job's taking in to the last one's end, the state of each written.
    private double drain(BenchGateway gateway, Jobs jobs)
            throws InterruptedException, SQLException {
        var job = Job.newBuilder().setType(NOTHING).build();
        var start = System.nanoTime();
        for (var taken = 0; taken < count; taken += BATCH) {
            var size = Math.min(BATCH, count - taken);
            var _ =
                    gateway.database()
                            .transaction(db ->
                                    jobs.enqueueAll(db, Collections.nCopies(size, job), "bench"));
        }
        done.acquire(count);
        awaitEmpty(gateway.postgres(), "scheduled_tasks WHERE task_name = '" + NOTHING + "'");
        return count * NANOS_PER_SECOND / (System.nanoTime() - start);
    }

    /// Waits until all that was done is noted.
    private static void awaitEmpty(TestPostgres.Database postgres, String tasks)
            throws SQLException {
        try (var connection = postgres.connect();
                var statement = connection.createStatement()) {
            var isEmpty = false;
            while (!isEmpty) {
                try (var row =
                        statement.executeQuery("SELECT NOT EXISTS (SELECT FROM " + tasks + ")")) {
                    row.next();
                    isEmpty = row.getBoolean(1);
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /// The same by db-scheduler as it comes, which keeps neither state nor result nor attempts.
    private double drainBare(TestPostgres.Database postgres)
            throws InterruptedException, SQLException {
        createTable(postgres);
        var config = new HikariConfig();
        config.setJdbcUrl(postgres.jdbcUrl());
        config.setUsername(postgres.username());
        config.setPassword(postgres.password());
        config.setMaximumPoolSize(20);
        var task = Tasks.oneTime(NOTHING).execute((_, _) -> done.release());
        try (var pool = new HikariDataSource(config)) {
            var scheduler =
                    Scheduler.create(pool, task)
                            .tableName("bench_tasks")
                            .threads(AT_ONCE)
                            .pollUsingLockAndFetch(1.0, 4.0)
                            .pollingInterval(Duration.ofMillis(200))
                            .build();
            var start = System.nanoTime();
            for (var taken = 0; taken < count; taken += BATCH) {
                scheduler.scheduleBatch(
                        IntStream.range(taken, Math.min(taken + BATCH, count))
                                .<SchedulableInstance<?>>mapToObj(number ->
                                        SchedulableInstance.of(
                                                task.instance(Integer.toString(number)),
                                                Instant.now()))
                                .toList());
            }
            scheduler.start();
            done.acquire(count);
            awaitEmpty(postgres, "bench_tasks");
            var rate = count * NANOS_PER_SECOND / (System.nanoTime() - start);
            scheduler.stop();
            return rate;
        }
    }

    private static void createTable(TestPostgres.Database postgres) throws SQLException {
        try (var connection = postgres.connect();
                var statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS bench_tasks");
            statement.execute(
                    """
                    CREATE TABLE bench_tasks (
                      task_name text NOT NULL, task_instance text NOT NULL, task_data bytea,
                      execution_time timestamptz NOT NULL, picked boolean NOT NULL, picked_by text,
                      last_success timestamptz, last_failure timestamptz,
                      consecutive_failures integer, last_heartbeat timestamptz,
                      version bigint NOT NULL, priority smallint, state text,
                      PRIMARY KEY (task_name, task_instance))
                    """);
            statement.execute("CREATE INDEX ON bench_tasks (execution_time)");
            statement.execute("CREATE INDEX ON bench_tasks (last_heartbeat)");
        }
    }
}
