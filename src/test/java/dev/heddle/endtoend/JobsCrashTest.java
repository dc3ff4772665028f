package dev.heddle.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Of two gateways on one database one is killed in the middle of many jobs, and replaced, again
/// and again.
///
/// `-Dheddle.jobs.rounds=30` kills more often than usual.
@Timeout(1800)
final class JobsCrashTest {
    private static final int ROUNDS = Integer.getInteger("heddle.jobs.rounds", 2);
    private static final int JOBS = 1000;
    private static final int WITH_KEYS = 100;

    /// A heartbeat is half a second, four may be missing, and every second one is looked for the
    /// dead: so a job that was lost is taken up within 3 s, and what a busy machine adds.
    private static final Duration BOUND = Duration.ofSeconds(5);

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestPostgres.Database postgres = TestPostgres.createDatabase();
    private final long seed = System.nanoTime();
    private final RandomGenerator random = RandomGeneratorFactory.getDefault().create(seed);

    @Test
    void eachJobRunsToItsEndWhateverIsKilled() throws Exception {
        System.out.println("jobs crash: seed " + seed);
        try (var survivor = start();
                var database = postgres.connect()) {
            for (var round = 1; round <= ROUNDS; round++) {
                kill(survivor, database, round);
            }
            assertThat(count(database, "jobs WHERE type = 'sleep' AND state = 3"))
                    .as("jobs that succeeded")
                    .isEqualTo((long) ROUNDS * JOBS);
            assertThat(count(database, "job_keys")).as("keys that are taken").isZero();
            System.out.printf(
                    "jobs crash: %d rounds, %d jobs, %d attempts were lost%n",
                    ROUNDS, ROUNDS * JOBS, count(database, "job_attempts WHERE error <> ''"));
        }
    }

    private void kill(HeddleProcess survivor, Connection database, int round) throws Exception {
        try (var doomed = start();
                var client = survivor.client()) {
            enqueue(database, round);
            // which the insert above does not do
            client.post("/v1/jobTypes/sleep:resume", "{}");
            var moment = random.nextLong(JOBS / 20, JOBS * 6 / 10);
            await(
                    database,
                    "count(*) >= " + (moment + (round - 1L) * JOBS),
                    "jobs WHERE type = 'sleep' AND state = 3");
            doomed.kill();
            var killed = System.nanoTime();
            awaitEndOfAll(database);
            System.out.printf(
                    "jobs crash: round %d, killed after %d of %d, all done %d ms later%n",
                    round, moment, JOBS, Duration.ofNanos(System.nanoTime() - killed).toMillis());
            assertThat(count(database, "scheduled_tasks WHERE task_name = 'sleep'"))
                    .as("triggers that are left")
                    .isZero();
        }
    }

    /// As a transaction of any other program would: a job is two rows.
    private static void enqueue(Connection database, int round) throws SQLException {
        try (var statement = database.createStatement()) {
            statement.execute(
                    """
                    WITH new AS (
                      INSERT INTO jobs (id, type, payload, priority, run_time, timeout_millis,
                                        max_attempts, concurrency_key)
                      SELECT gen_random_uuid(), 'sleep', '{"millis": 20}', 50, now(), 30000, 5,
                             CASE WHEN number <= %d THEN 'key ' || %d + number %% 10 ELSE '' END
                      FROM generate_series(1, %d) AS number
                      RETURNING id
                    )
                    INSERT INTO scheduled_tasks
                      (task_name, task_instance, execution_time, picked, version, priority)
                    SELECT 'sleep', id, now(), false, 1, 50 FROM new
                    """
                            .formatted(WITH_KEYS, 10 * round, JOBS));
        }
    }

    private HeddleProcess start() throws Exception {
        return HeddleProcess.serve(
                Files.createTempDirectory(Path.of("target"), "jobs-crash-"),
                Map.of(
                        "HEDDLE_DB_URL",
                        postgres.jdbcUrl(),
                        "HEDDLE_DB_USERNAME",
                        postgres.username(),
                        "HEDDLE_DB_PASSWORD",
                        postgres.password(),
                        "HEDDLE_JOBS_CONCURRENCY",
                        "16",
                        "HEDDLE_JOBS_HEARTBEAT",
                        "500ms",
                        "HEDDLE_JOBS_FIRST_PAUSE",
                        "10ms"),
                List.of());
    }

    private static void await(Connection database, String condition, String rows)
            throws SQLException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        var sql = "SELECT %s, pg_sleep(0.01) FROM %s".formatted(condition, rows);
        try (var statement = database.prepareStatement(sql)) {
            for (var isSo = false; !isSo; ) {
                assertThat(System.nanoTime()).as(sql).isLessThan(end);
                try (var result = statement.executeQuery()) {
                    isSo = result.next() && result.getBoolean(1);
                }
            }
        }
    }

    /// Meanwhile no job may be taken for longer without a heartbeat than the bound.
    private static void awaitEndOfAll(Connection database) throws SQLException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        var stale =
                "scheduled_tasks WHERE task_name = 'sleep' AND last_heartbeat < now() - interval '%d ms'"
                        .formatted(BOUND.toMillis());
        while (count(database, "jobs WHERE type = 'sleep' AND state = 1") > 0) {
            assertThat(count(database, stale)).as("jobs that nobody runs").isZero();
            assertThat(System.nanoTime()).as("all jobs end in time").isLessThan(end);
        }
    }

    private static long count(Connection database, String rows) throws SQLException {
        try (var statement = database.createStatement();
                var result = statement.executeQuery("SELECT count(*) FROM " + rows)) {
            assertThat(result.next()).isTrue();
            return result.getLong(1);
        }
    }
}
