package dev.heddle.activity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.TestGateway;
import dev.heddle.db.Ids;
import dev.heddle.testing.GatewayCalls;
import dev.heddle.testing.JobCalls;
import dev.heddle.testing.TestPostgres;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The jobs that keep the log of actions small and its counts right.
@Timeout(60)
final class ActivityJobsTest {
    private static final Instant HOUR = Instant.parse("2026-03-01T15:00:00Z");

    private final TestPostgres.Database postgres = TestPostgres.createDatabase();
    private final TestGateway gateway =
            TestGateway.open(postgres, Map.of("activity.retention", "240h")).start();
    private final GatewayCalls calls =
            new GatewayCalls(URI.create("http://127.0.0.1:" + gateway.port()), gateway.token());
    private final JobCalls jobs = new JobCalls(calls);

    ActivityJobsTest() throws Exception {}

    @AfterEach
    void close() {
        calls.close();
        gateway.close();
    }

    @Test
    void oldActionsGoAndTheirCountsStay() throws Exception {
        log("page.viewed", Instant.now().minus(Duration.ofDays(11)), 2500);
        log("page.viewed", Instant.now().minus(Duration.ofDays(9)), 3);
        execute(
                "INSERT INTO action_counts VALUES (now() - interval '11 days', 'page.viewed', 2500)");

        var job = jobs.run("activity-log", "{}");

        assertThat(job.at("/result/deleted").asInt()).as(job.toString()).isEqualTo(2500);
        assertThat(number("SELECT count(*) FROM actions")).isEqualTo(3);
        assertThat(number("SELECT sum(count) FROM action_counts")).isEqualTo(2500);
    }

    @Test
    void countsThatAreTooSmallAreRepaired() throws Exception {
        log("page.viewed", HOUR, 5);
        log("page.viewed", HOUR.plus(Duration.ofHours(1)), 1);
        log("page.viewed", HOUR.minusMillis(1), 1);
        log("cart.filled", HOUR.plusSeconds(3599), 2);
        log("forgotten", HOUR.plusSeconds(10), 1);
        execute(
                """
                INSERT INTO action_counts VALUES ('%s', 'page.viewed', 3), ('%1$s', 'forgotten', 9)
                """
                        .formatted(HOUR));

        var job = jobs.run("analytics-rollup", "{\"hour\": \"%s\"}".formatted(HOUR));

        assertThat(job.at("/result/repaired").asInt()).as(job.toString()).isEqualTo(2);
        assertThat(count("page.viewed")).isEqualTo(5);
        assertThat(count("cart.filled")).isEqualTo(2);
        assertThat(count("forgotten")).isEqualTo(9);
        assertThat(number("SELECT count(*) FROM action_counts")).isEqualTo(3);
        assertThat(jobs.run("analytics-rollup", "{}").get("state").asText()).isEqualTo("SUCCEEDED");
    }

    @Test
    void wrongHourIsRefusedAtOnce() throws Exception {
        assertThat(jobs.tryToEnqueue("analytics-rollup", "{\"hour\": \"noon\"}").statusCode())
                .isEqualTo(400);
    }

    private void log(String type, Instant time, int count) throws SQLException {
        var first = Ids.from(time);
        for (var i = 0; i < count; i += 1000) {
            var values = new StringBuilder();
            for (var j = i; j < Math.min(count, i + 1000); j++) {
                // the type makes ids of the same time differ
                var id =
                        new UUID(
                                first.getMostSignificantBits(),
                                first.getLeastSignificantBits()
                                        + ((long) type.hashCode() << 20)
                                        + j);
                values.append(values.isEmpty() ? "" : ", ")
                        .append(
                                "('%s', '%s', '%s', '{}', '%s')"
                                        .formatted(id, new UUID(0, 0), type, time));
            }
            execute("INSERT INTO actions (id, user_id, type, details, time) VALUES " + values);
        }
    }

    private long count(String type) throws SQLException {
        return number(
                "SELECT count FROM action_counts WHERE hour = '%s' AND type = '%s'"
                        .formatted(HOUR, type));
    }

    private void execute(String sql) throws SQLException {
        try (var connection = postgres.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private long number(String sql) throws SQLException {
        try (var connection = postgres.connect();
                var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            assertThat(result.next()).isTrue();
            return result.getLong(1);
        }
    }
}
