package dev.heddle.jobs;

import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import com.google.rpc.Status;
import dev.heddle.db.Columns;
import dev.heddle.db.Condition;
import dev.heddle.db.Keyset;
import dev.heddle.db.Listed;
import dev.heddle.db.Query;
import dev.heddle.db.Row;
import dev.heddle.db.Rows;
import dev.heddle.db.Times;
import dev.heddle.feed.Payloads;
import dev.heddle.jobs.v1.Job;
import dev.heddle.jobs.v1.LogLine;
import dev.heddle.rpc.Ownership;
import io.helidon.dbclient.DbExecute;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// The tables `jobs`, `job_attempts` and `job_lines`.
final class JobStore {
    static final Columns COLUMNS = Columns.builder().uuid("id", "jobs.id").build();

    private static final String JOB =
            """
            jobs.id, jobs.type, CASE WHEN picked THEN 2 ELSE state END, payload, result, error,
            jobs.priority, COALESCE(execution_time, run_time), timeout_millis, max_attempts,
            attempts + CAST(COALESCE(picked, false) AS integer), concurrency_key, unique_key,
            progress, CAST(cancelled AS integer), creator, create_time,
            CASE WHEN picked THEN pick_time ELSE 'epoch' END, COALESCE(end_time, 'epoch')\
            """;
    private static final int COLUMNS_OF_JOB = 19;
    private static final String FROM =
            """
            FROM jobs LEFT JOIN scheduled_tasks
              ON task_instance = CAST(jobs.id AS text) AND task_name = jobs.type
            """;

    /// What is new.
    ///
    /// @param job its id, type, payload, keys, attempts, timeout and creator
    /// @param delayMillis how long after now it runs, if `run_time` is not later
    record New(Job job, long delayMillis) {}

    /// Inserts jobs and their triggers.
    List<Job> insert(DbExecute db, List<New> fresh) {
        var jobs = LinkedHashMap.<String, Job>newLinkedHashMap(fresh.size());
        fresh.forEach(each -> jobs.put(each.job().getId(), each.job()));
        try (var rows =
                db.createNamedQuery(
                                "jobs.insert",
                                """
                                WITH job AS (
                                  INSERT INTO jobs
                                    (id, type, payload, priority, run_time, timeout_millis,
                                     max_attempts, concurrency_key, unique_key, creator)
                                  SELECT id, type, CAST(payload AS json), priority,
                                         GREATEST(clock_timestamp() + delay * interval '1 millisecond',
                                                  run_time),
                                         timeout, max_attempts, concurrency_key, unique_key,
                                         creator
                                  FROM unnest(CAST(:ids AS uuid[]), CAST(:types AS text[]),
                                              CAST(:payloads AS text[]),
                                              CAST(:priorities AS smallint[]),
                                              CAST(:delays AS bigint[]),
                                              CAST(:run_times AS timestamptz[]),
                                              CAST(:timeouts AS bigint[]),
                                              CAST(:max_attempts AS integer[]),
                                              CAST(:concurrency_keys AS text[]),
                                              CAST(:unique_keys AS text[]),
                                              CAST(:creators AS text[]))
                                         AS new (id, type, payload, priority, delay, run_time,
                                                 timeout, max_attempts, concurrency_key,
                                                 unique_key, creator)
                                  RETURNING id, type, priority, create_time, run_time
                                ), trigger AS (
                                  INSERT INTO scheduled_tasks
                                    (task_name, task_instance, execution_time, picked, version,
                                     priority)
                                  SELECT type, CAST(id AS text), run_time, false, 1, priority
                                  FROM job
                                )
                                SELECT id, create_time, run_time FROM job
                                """)
                        .addParam("ids", texts(fresh, Job::getId))
                        .addParam("types", texts(fresh, Job::getType))
                        .addParam("payloads", texts(fresh, job -> Payloads.of(job.getPayload())))
                        .addParam(
                                "priorities",
                                texts(
                                        fresh,
                                        job ->
                                                Integer.toString(
                                                        Priorities.stored(job.getPriority()))))
                        .addParam(
                                "delays",
                                fresh.stream()
                                        .map(each -> Long.toString(each.delayMillis()))
                                        .toArray(String[]::new))
                        .addParam(
                                "run_times",
                                texts(fresh, job -> Times.parameter(job.getRunTime()).toString()))
                        .addParam(
                                "timeouts",
                                texts(
                                        fresh,
                                        job -> Long.toString(Durations.toMillis(job.getTimeout()))))
                        .addParam(
                                "max_attempts",
                                texts(fresh, job -> Integer.toString(job.getMaxAttempts())))
                        .addParam("concurrency_keys", texts(fresh, Job::getConcurrencyKey))
                        .addParam("unique_keys", texts(fresh, Job::getUniqueKey))
                        .addParam("creators", texts(fresh, Job::getCreator))
                        .execute()) {
            rows.map(Row::of)
                    .forEach(row -> jobs.computeIfPresent(row.text(1), (_, job) -> kept(job, row)));
        }
        return List.copyOf(jobs.values());
    }

    private static Job kept(Job job, Row row) {
        return job.toBuilder()
                .setState(Job.State.PENDING)
                .setCreateTime(row.timestamp(2))
                .setRunTime(row.timestamp(3))
                .build();
    }

    private static String[] texts(List<New> fresh, Function<Job, String> field) {
        return fresh.stream().map(New::job).map(field).toArray(String[]::new);
    }

    /// A job without its attempts.
    Optional<Job> get(DbExecute db, UUID id) {
        return db.createNamedGet(
                        "jobs.get",
                        "SELECT %s %s WHERE id = CAST(:id AS uuid)".formatted(JOB, FROM))
                .addParam("id", id.toString())
                .execute()
                .map(row -> job(Row.of(row)).build());
    }

    /// Jobs without their attempts, in no order.
    List<Job> get(DbExecute db, List<UUID> ids) {
        return Rows.list(
                db,
                new Query(
                        "jobs.get_many",
                        "SELECT %s %s WHERE id = ANY (CAST(:ids AS uuid[]))".formatted(JOB, FROM),
                        Map.of("ids", ids.stream().map(UUID::toString).toArray(String[]::new))),
                row -> job(row).build());
    }

    /// A job with its attempts.
    Optional<Job> getWhole(DbExecute db, UUID id) {
        return get(db, id).map(job -> job.toBuilder().addAllAttempts(attempts(db, id)).build());
    }

    /// A job that nobody else can change until the transaction ends, save that it begins.
    Optional<Job> lock(DbExecute db, UUID id) {
        var isThere =
                db.createNamedGet(
                                "jobs.lock",
                                "SELECT id FROM jobs WHERE id = CAST(:id AS uuid) FOR UPDATE")
                        .addParam("id", id.toString())
                        .execute()
                        .isPresent();
        return isThere ? get(db, id) : Optional.empty();
    }

    List<Listed<Job>> list(DbExecute db, Condition condition, Keyset keyset, int limit) {
        var listed = new ArrayList<Listed<Job>>();
        var sql =
                "SELECT %s, %s %s WHERE %s ORDER BY %s LIMIT %d"
                        .formatted(
                                JOB,
                                keyset.selection(),
                                FROM,
                                condition.sql(),
                                keyset.orderBy(),
                                limit);
        Rows.forEach(
                db,
                new Query("jobs.list", sql, condition.parameters()),
                row ->
                        listed.add(
                                new Listed<>(
                                        job(row).build(),
                                        keyset.position(row, COLUMNS_OF_JOB + 1))));
        return listed;
    }

    List<LogLine> lines(DbExecute db, UUID id) {
        return Rows.list(
                db,
                new Query(
                        "jobs.lines",
                        """
                        SELECT number, attempt, time, text FROM job_lines
                        WHERE job = CAST(:id AS uuid) ORDER BY number
                        """,
                        Map.of("id", id.toString())),
                row ->
                        LogLine.newBuilder()
                                .setNumber((int) row.integer(1))
                                .setAttempt((int) row.integer(2))
                                .setTime(row.timestamp(3))
                                .setText(row.text(4))
                                .build());
    }

    /// Has what happens to a job published from now on.
    ///
    /// @param own which jobs are reached
    /// @return whether there is such a job
    boolean watch(DbExecute db, UUID id, Ownership own) {
        return db.createNamedUpdate(
                                "jobs.watch",
                                """
                                UPDATE jobs SET watched = true
                                WHERE id = CAST(:id AS uuid)
                                  AND creator = COALESCE(NULLIF(:creator, ''), creator)
                                """)
                        .addParam("id", id.toString())
                        .addParam("creator", own.person(""))
                        .execute()
                == 1;
    }

    boolean isWatched(DbExecute db, UUID id) {
        return db.createNamedGet(
                        "jobs.is_watched",
                        "SELECT id FROM jobs WHERE id = CAST(:id AS uuid) AND watched")
                .addParam("id", id.toString())
                .execute()
                .isPresent();
    }

    /// Whether a locked job waits for another of its key.
    boolean isWaiting(DbExecute db, UUID id) {
        return db.createNamedGet(
                        "jobs.is_waiting",
                        "SELECT id FROM jobs WHERE id = CAST(:id AS uuid) AND waiting")
                .addParam("id", id.toString())
                .execute()
                .isPresent();
    }

    /// Ends a locked job that does not run, and has no trigger any more.
    ///
    /// @param fence the version of the trigger that it had
    void cancel(DbExecute db, UUID id, long fence) {
        db.createNamedUpdate(
                        "jobs.cancel",
                        """
                        UPDATE jobs SET state = 5, cancelled = true, waiting = false,
                                        fence = GREATEST(fence, :fence), end_time = now()
                        WHERE id = CAST(:id AS uuid)
                        """)
                .addParam("id", id.toString())
                .addParam("fence", fence)
                .execute();
    }

    /// Notes that a locked job is to be cancelled, and tells whoever runs it.
    void requestCancel(DbExecute db, UUID id) {
        db.createNamedUpdate(
                        "jobs.request_cancel",
                        "UPDATE jobs SET cancelled = true WHERE id = CAST(:id AS uuid)")
                .addParam("id", id.toString())
                .execute();
        notify(db, id.toString());
    }

    /// Tells all gateways something when the transaction is committed.
    void notify(DbExecute db, String message) {
        db.createNamedGet("jobs.notify", "SELECT CAST(pg_notify('heddle_jobs', :message) AS text)")
                .addParam("message", message)
                .execute();
    }

    /// Which of some jobs are to be cancelled.
    List<UUID> cancelled(DbExecute db, List<UUID> ids) {
        return Rows.list(
                db,
                new Query(
                        "jobs.cancelled",
                        """
                        SELECT id FROM jobs
                        WHERE id = ANY (CAST(:ids AS uuid[])) AND cancelled
                        """,
                        Map.of("ids", ids.stream().map(UUID::toString).toArray(String[]::new))),
                row -> UUID.fromString(row.text(1)));
    }

    /// Has a locked job that has ended run again.
    void restart(DbExecute db, List<UUID> ids) {
        db.createNamedInsert(
                        "jobs.restart",
                        """
                        WITH again AS (
                          UPDATE jobs SET state = 1, cancelled = false, earlier = attempts,
                                          progress = 0, error = '', end_time = NULL,
                                          run_time = clock_timestamp()
                          WHERE id = ANY (CAST(:ids AS uuid[]))
                          RETURNING id, type, run_time, fence, priority
                        )
                        INSERT INTO scheduled_tasks
                          (task_name, task_instance, execution_time, picked, version, priority)
                        SELECT type, CAST(id AS text), run_time, false, fence + 1, priority
                        FROM again
                        """)
                .addParam("ids", ids.stream().map(UUID::toString).toArray(String[]::new))
                .execute();
    }

    /// The oldest dead jobs, which nobody else can change until the transaction ends.
    ///
    /// @param type whose; empty: any
    List<UUID> lockDead(DbExecute db, String type, int limit) {
        return Rows.list(
                db,
                new Query(
                        "jobs.lock_dead",
                        """
                        SELECT id FROM jobs WHERE state = 6 AND (:type = '' OR type = :type)
                        ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED
                        """,
                        Map.of("type", type, "limit", limit)),
                row -> UUID.fromString(row.text(1)));
    }

    /// Removes a locked job that has ended, with all that belongs to it.
    void delete(DbExecute db, UUID id) {
        db.createNamedDelete(
                        "jobs.delete",
                        """
                        WITH attempts AS (
                          DELETE FROM job_attempts WHERE job = CAST(:id AS uuid)
                        ), lines AS (
                          DELETE FROM job_lines WHERE job = CAST(:id AS uuid)
                        )
                        DELETE FROM jobs WHERE id = CAST(:id AS uuid)
                        """)
                .addParam("id", id.toString())
                .execute();
    }

    void setPayload(DbExecute db, UUID id, Struct payload) {
        db.createNamedUpdate(
                        "jobs.set_payload",
                        """
                        UPDATE jobs SET payload = CAST(:payload AS json)
                        WHERE id = CAST(:id AS uuid)
                        """)
                .addParam("id", id.toString())
                .addParam("payload", Payloads.of(payload))
                .execute();
    }

    private static List<Job.Attempt> attempts(DbExecute db, UUID id) {
        return Rows.list(
                db,
                new Query(
                        "jobs.attempts",
                        """
                        SELECT number, start_time,
                               CAST(extract(epoch FROM end_time - start_time) * 1000000 AS bigint),
                               error, runner
                        FROM job_attempts WHERE job = CAST(:id AS uuid) ORDER BY number
                        """,
                        Map.of("id", id.toString())),
                JobStore::attempt);
    }

    private static Job.Attempt attempt(Row row) {
        var attempt =
                Job.Attempt.newBuilder()
                        .setNumber((int) row.integer(1))
                        .setStartTime(row.timestamp(2))
                        .setDuration(Durations.fromMicros(row.integer(3)))
                        .setRunner(row.text(5));
        status(row.text(4)).ifPresent(attempt::setError);
        return attempt.build();
    }

    private static Job.Builder job(Row row) {
        var job =
                Job.newBuilder()
                        .setId(row.text(1))
                        .setType(row.text(2))
                        .setStateValue((int) row.integer(3))
                        .setPayload(Payloads.read(row.text(4), Struct.newBuilder()))
                        .setPriority(Priorities.of((int) row.integer(7)))
                        .setRunTime(row.timestamp(8))
                        .setTimeout(Durations.fromMillis(row.integer(9)))
                        .setMaxAttempts((int) row.integer(10))
                        .setAttemptCount((int) row.integer(11))
                        .setConcurrencyKey(row.text(12))
                        .setUniqueKey(row.text(13))
                        .setProgress(Double.parseDouble(row.text(14)))
                        .setCancelRequested(row.integer(15) == 1)
                        .setCreator(row.text(16))
                        .setCreateTime(row.timestamp(17));
        if (!row.text(5).isEmpty()) {
            job.setResult(Payloads.read(row.text(5), Struct.newBuilder()));
        }
        status(row.text(6)).ifPresent(job::setError);
        time(row.timestamp(18)).ifPresent(job::setStartTime);
        time(row.timestamp(19)).ifPresent(job::setEndTime);
        return job;
    }

    private static Optional<Status> status(String json) {
        return json.isEmpty()
                ? Optional.empty()
                : Optional.of(Payloads.read(json, Status.newBuilder()).build());
    }

    private static Optional<Timestamp> time(Timestamp time) {
        return Optional.of(time).filter(set -> Timestamps.compare(set, Timestamps.EPOCH) != 0);
    }
}
