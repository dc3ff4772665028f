package dev.heddle.exports;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.TestGateway;
import dev.heddle.testing.Await;
import dev.heddle.testing.GatewayCalls;
import dev.heddle.testing.JobCalls;
import dev.heddle.testing.TestPostgres;
import java.net.URI;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Exports as those see them who enqueue them and download the file.
@Timeout(60)
final class ExportJobTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestPostgres.Database postgres = TestPostgres.createDatabase();
    private final TestGateway gateway = TestGateway.open(postgres).start();
    private final GatewayCalls calls =
            new GatewayCalls(URI.create("http://127.0.0.1:" + gateway.port()), gateway.token());
    private final JobCalls jobs = new JobCalls(calls);

    ExportJobTest() throws Exception {}

    @AfterEach
    void close() {
        calls.close();
        gateway.close();
    }

    private void execute(String sql) throws SQLException {
        try (var connection = postgres.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void createUsers(int count) throws SQLException {
        execute(
                """
                INSERT INTO users (id, email, name, state, create_time, update_time, version)
                SELECT gen_random_uuid(), 'u' || n || '@example.com', 'User "' || n || '", the',
                       1 + n %% 2, now(), now(), 1
                FROM generate_series(1, %d) AS n
                """
                        .formatted(count));
    }

    private List<String> lines(JsonNode job) throws Exception {
        assertThat(job.get("state").asText()).as(job.toString()).isEqualTo("SUCCEEDED");
        var id = job.at("/result/file").asText();
        var response = calls.get("/v1/files/%s:download".formatted(id));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type").orElse("")).startsWith("text/csv");
        return response.body().lines().toList();
    }

    @Test
    void allUsersAreInTheFileOnce() throws Exception {
        createUsers(12_345);

        var job = jobs.run("export", "{\"collection\": \"users\"}");

        assertThat(job.at("/result/rows").asInt()).isEqualTo(12_345);
        var lines = lines(job);
        assertThat(lines.getFirst()).isEqualTo("id,email,name,state,create_time,update_time");
        assertThat(lines).hasSize(12_346).doesNotHaveDuplicates();
        assertThat(lines.stream().filter(line -> line.contains(",u77@example.com,")))
                .singleElement()
                .asString()
                .contains("\"User \"\"77\"\", the\",STATE_SUSPENDED,");
    }

    @Test
    void filterChoosesAndFormulasAreHarmless() throws Exception {
        createUsers(10);
        execute("UPDATE users SET name = '=cmd|''/c calc''!A1' WHERE email = 'u4@example.com'");

        var job =
                jobs.run(
                        "export",
                        "{\"collection\": \"users\", \"filter\": \"email = \\\"u4@example.com\\\"\"}");

        var lines = lines(job);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(1)).contains(",u4@example.com,'=cmd|");
    }

    @Test
    void ordersAreExportedToo() throws Exception {
        execute(
                """
                WITH placed AS (
                  INSERT INTO orders (id, user_id, state, total, currency, create_time, update_time,
                                      version)
                  SELECT gen_random_uuid(), 'ada', 1, 24.90, 'EUR', now(), now(), 1
                  FROM generate_series(1, 3)
                  RETURNING id)
                INSERT INTO order_lines (order_id, line, product_id, product_name, quantity, price)
                SELECT id, 1, gen_random_uuid(), 'Mug', 2, 12.45 FROM placed
                """);

        var lines = lines(jobs.run("export", "{\"collection\": \"orders\"}"));

        assertThat(lines).hasSize(4);
        assertThat(lines.get(1)).contains(",ada,STATE_PLACED,24.9,EUR,2,,");
    }

    @Test
    void nothingIsAFileToo() throws Exception {
        assertThat(lines(jobs.run("export", "{\"collection\": \"orders\"}"))).hasSize(1);
    }

    @Test
    void cancelledExportStopsItsStatementAndLeavesNoFile() throws Exception {
        try (var connection = postgres.connect();
                var statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            // so that its first statement has to wait
            statement.execute("LOCK TABLE users IN ACCESS EXCLUSIVE MODE");
            var id = jobs.enqueue("export", "{\"collection\": \"users\"}");
            Await.until("a statement that waits", () -> waiting() == 1);

            jobs.cancel(id);

            assertThat(jobs.awaitEnd(id).get("state").asText()).isEqualTo("CANCELLED");
            assertThat(waiting()).isZero();
            connection.rollback();
        }
        assertThat(JSON.readTree(calls.get("/v1/files").body()).path("files")).isEmpty();
    }

    private long waiting() {
        try (var connection = postgres.connect();
                var statement = connection.createStatement();
                var result =
                        statement.executeQuery(
                                """
                                SELECT count(*) FROM pg_stat_activity
                                WHERE wait_event_type = 'Lock' AND query LIKE '%FROM users%'
                                  AND pid <> pg_backend_pid()
                                """)) {
            assertThat(result.next()).isTrue();
            return result.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"collection\": \"secrets\"}",
                "{\"collection\": \"users\", \"filter\": \"password = 1\"}",
                "{\"collection\": \"users\", \"filter\": 1}"
            })
    void wrongPayloadIsRefusedAtOnce(String payload) throws Exception {
        assertThat(jobs.tryToEnqueue("export", payload).statusCode()).isEqualTo(400);
    }
}
