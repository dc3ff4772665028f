package dev.heddle.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.heddle.db.Database;
import dev.heddle.db.Migrations;
import dev.heddle.db.PageTokens;
import dev.heddle.feed.Feed;
import dev.heddle.jobs.v1.CancelJobRequest;
import dev.heddle.jobs.v1.EnqueueJobRequest;
import dev.heddle.jobs.v1.GetJobRequest;
import dev.heddle.jobs.v1.Job;
import dev.heddle.jobs.v1.JobServiceGrpc;
import dev.heddle.testing.Calls;
import dev.heddle.testing.TestPostgres;
import io.grpc.MethodDescriptor;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/// Jobs on a database of their own, and the service that steers them.
final class TestJobs implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final Set<Job.State> ENDED =
            EnumSet.of(Job.State.SUCCEEDED, Job.State.FAILED, Job.State.CANCELLED, Job.State.DEAD);

    private final Database.Settings databaseSettings;
    private final Database database;
    private final Feed feed;
    private final Jobs jobs;
    private final Calls calls;

    private TestJobs(
            Database.Settings databaseSettings, Settings settings, UnaryOperator<Jobs> types) {
        this.databaseSettings = databaseSettings;
        this.database = Database.open(databaseSettings, new SimpleMeterRegistry());
        this.feed =
                Feed.start(
                        databaseSettings,
                        dev.heddle.feed.Settings.DEFAULT,
                        new SimpleMeterRegistry());
        this.jobs =
                types.apply(
                                Jobs.open(
                                        databaseSettings,
                                        feed,
                                        settings,
                                        new SimpleMeterRegistry(),
                                        Clock.systemUTC()))
                        .start();
        this.calls = Calls.of(new JobService(database, feed, jobs, new PageTokens(new byte[32])));
    }

    /// @param types adds the types
    static TestJobs start(Settings settings, UnaryOperator<Jobs> types) {
        var postgres = TestPostgres.createDatabase();
        var databaseSettings =
                Database.Settings.of(postgres.jdbcUrl(), postgres.username(), postgres.password());
        Migrations.run(databaseSettings);
        return new TestJobs(databaseSettings, settings, types);
    }

    /// Another gateway on the same database.
    TestJobs replica(Settings settings, UnaryOperator<Jobs> types) {
        return new TestJobs(databaseSettings, settings, types);
    }

    /// Settings for those who can't wait.
    static Settings quick() {
        var usual = Settings.DEFAULT;
        return new Settings(
                8,
                Duration.ofMillis(50),
                Duration.ofMillis(300),
                Duration.ofSeconds(2),
                usual.timeout(),
                3,
                Duration.ofMillis(20),
                Duration.ofMillis(100),
                usual.maxPayloadSize(),
                20,
                usual.retention(),
                usual.deadRetention());
    }

    Database database() {
        return database;
    }

    Jobs jobs() {
        return jobs;
    }

    Calls calls() {
        return calls;
    }

    <Q extends Message, R extends Message> R call(MethodDescriptor<Q, R> method, Q request) {
        return calls.unary(method, request);
    }

    Job enqueue(Job.Builder job) {
        return call(
                JobServiceGrpc.getEnqueueJobMethod(),
                EnqueueJobRequest.newBuilder().setJob(job).build());
    }

    Job enqueue(String type) {
        return enqueue(Job.newBuilder().setType(type));
    }

    Job get(String id) {
        return call(JobServiceGrpc.getGetJobMethod(), GetJobRequest.newBuilder().setId(id).build());
    }

    Job cancel(String id) {
        return call(
                JobServiceGrpc.getCancelJobMethod(),
                CancelJobRequest.newBuilder().setId(id).build());
    }

    Job awaitEnd(String id) {
        await(() -> ENDED.contains(get(id).getState()));
        return get(id);
    }

    Job awaitState(String id, Job.State state) {
        await(() -> get(id).getState() == state);
        return get(id);
    }

    List<String> texts(String sql) {
        return database.plain(db ->
                db.createQuery(sql)
                        .execute()
                        .map(row -> String.valueOf(row.column(1).get(Object.class)))
                        .toList());
    }

    static void await(BooleanSupplier condition) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            LockSupport.parkNanos(5_000_000);
        }
    }

    static Struct struct(String field, double number) {
        return Struct.newBuilder()
                .putFields(field, Value.newBuilder().setNumberValue(number).build())
                .build();
    }

    @Override
    public void close() {
        jobs.close();
        feed.close();
        database.close();
    }
}
