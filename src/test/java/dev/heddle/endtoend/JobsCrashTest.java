package dev.heddle.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.heddle.testing.Await;
import dev.heddle.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
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
    private static final int EMAILS = 300;

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
        try (var survivor = start(Map.of());
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

    /// An e-mail whose gateway was lost before it could say that it was sent is sent again, under
    /// the same id.
    @Test
    void eachEmailIsReceivedWhateverIsKilled() throws Exception {
        System.out.println("jobs crash: seed " + seed);
        var setup = new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP);
        var mail = new GreenMail(setup);
        mail.start();
        var mailKeys =
                Map.of(
                        "HEDDLE_MAIL_HOST",
                        "127.0.0.1",
                        "HEDDLE_MAIL_PORT",
                        Integer.toString(mail.getSmtp().getPort()),
                        "HEDDLE_MAIL_ENCRYPTION",
                        "none");
        try (var survivor = start(mailKeys);
                var database = postgres.connect()) {
            for (var round = 1; round <= ROUNDS; round++) {
                killAmidEmails(survivor, mailKeys, mail, database, round);
            }
            assertThat(count(database, "jobs WHERE type = 'email' AND state = 3"))
                    .as("jobs that succeeded")
                    .isEqualTo((long) ROUNDS * EMAILS);
            var received = new HashSet<String>();
            for (var message : mail.getReceivedMessages()) {
                received.add(message.getHeader("Message-ID")[0]);
            }
            assertThat(received).as("e-mails").hasSize(ROUNDS * EMAILS);
            var lost = count(database, "job_attempts WHERE error <> ''");
            var again = mail.getReceivedMessages().length - received.size();
            assertThat((long) again).as("e-mails that came again").isBetween(0L, lost);
            System.out.printf(
                    "jobs crash: %d rounds, %d e-mails, %d attempts were lost, %d e-mails came again%n",
                    ROUNDS, received.size(), lost, again);
        } finally {
            mail.stop();
        }
    }

    private void killAmidEmails(
            HeddleProcess survivor,
            Map<String, String> mailKeys,
            GreenMail mail,
            Connection database,
            int round)
            throws Exception {
        try (var doomed = start(mailKeys);
                var client = survivor.client()) {
            enqueueEmails(database, round);
            // which the insert above does not do
            client.post("/v1/jobTypes/email:resume", "{}");
            var moment = (round - 1) * EMAILS + random.nextInt(EMAILS / 20, EMAILS / 2);
            Await.until("e-mails", () -> mail.getReceivedMessages().length >= moment);
            doomed.kill();
            awaitEndOfAll(database, "email");
        }
    }

    private static void enqueueEmails(Connection database, int round) throws SQLException {
        enqueue(
                database,
                "email",
                """
                SELECT gen_random_uuid(), 'email',
                       jsonb_build_object('to', 'u%d-' || number || '@example.com',
                                          'subject', 'Hello', 'text', 'How are you?'),
                       50, now(), 30000, 5, ''
                FROM generate_series(1, %d) AS number
                """
                        .formatted(round, EMAILS));
    }

    private void kill(HeddleProcess survivor, Connection database, int round) throws Exception {
        try (var doomed = start(Map.of());
                var client = survivor.client()) {
            enqueueSleeps(database, round);
            // which the insert above does not do
            client.post("/v1/jobTypes/sleep:resume", "{}");
            var moment = random.nextLong(JOBS / 20, JOBS * 6 / 10);
            await(
                    database,
                    "count(*) >= " + (moment + (round - 1L) * JOBS),
                    "jobs WHERE type = 'sleep' AND state = 3");
            doomed.kill();
            var killed = System.nanoTime();
            awaitEndOfAll(database, "sleep");
            System.out.printf(
                    "jobs crash: round %d, killed after %d of %d, all done %d ms later%n",
                    round, moment, JOBS, Duration.ofNanos(System.nanoTime() - killed).toMillis());
            assertThat(count(database, "scheduled_tasks WHERE task_name = 'sleep'"))
                    .as("triggers that are left")
                    .isZero();
        }
    }

    private static void enqueueSleeps(Connection database, int round) throws SQLException {
        enqueue(
                database,
                "sleep",
                """
                SELECT gen_random_uuid(), 'sleep', '{"millis": 20}', 50, now(), 30000, 5,
                       CASE WHEN number <= %d THEN 'key ' || %d + number %% 10 ELSE '' END
                FROM generate_series(1, %d) AS number
                """
                        .formatted(WITH_KEYS, 10 * round, JOBS));
    }

    /// As a transaction of any other program would: a job is two rows.
    private static void enqueue(Connection database, String type, String rows) throws SQLException {
        try (var statement = database.createStatement()) {
            statement.execute(
                    """
                    WITH new AS (
                      INSERT INTO jobs (id, type, payload, priority, run_time, timeout_millis,
                                        max_attempts, concurrency_key)
                      %s
                      RETURNING id
                    )
                    INSERT INTO scheduled_tasks
                      (task_name, task_instance, execution_time, picked, version, priority)
                    SELECT '%s', id, now(), false, 1, 50 FROM new
                    """
                            .formatted(rows, type));
        }
    }

    private HeddleProcess start(Map<String, String> more) throws Exception {
        var keys = new HashMap<>(more);
        keys.putAll(
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
                        "10ms"));
        return HeddleProcess.serve(
                Files.createTempDirectory(Path.of("target"), "jobs-crash-"), keys, List.of());
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
    private static void awaitEndOfAll(Connection database, String type) throws SQLException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        var stale =
                "scheduled_tasks WHERE task_name = '%s' AND last_heartbeat < now() - interval '%d ms'"
                        .formatted(type, BOUND.toMillis());
        var waiting = "jobs WHERE type = '%s' AND state = 1".formatted(type);
        while (count(database, waiting) > 0) {
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
