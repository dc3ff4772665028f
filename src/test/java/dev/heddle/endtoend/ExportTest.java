package dev.heddle.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.TestPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;

/// 100,000 users leave a gateway that has 128 MB.
///
/// Readers stop for 5 seconds; `-Dheddle.test.stall-seconds=30` has them stop for longer.
@Timeout(180)
@TestInstance(Lifecycle.PER_CLASS)
final class ExportTest {
    private static final int USERS = 100_000;
    private static final int BATCH = 10_000;
    private static final int READERS = 20;
    private static final int STALL_SECONDS = Integer.getInteger("heddle.test.stall-seconds", 5);
    private static final long MEGABYTE = 1 << 20;

    private final TestPostgres.Database postgres = TestPostgres.createDatabase();
    private final HeddleProcess gateway = serve(postgres);
    private final GatewayClient client = gateway.client();

    private static HeddleProcess serve(TestPostgres.Database postgres) {
        try {
            var folder = Files.createDirectories(Path.of("target", "gateways"));
            return HeddleProcess.serve(
                    Files.createTempDirectory(folder, "data-"),
                    Map.of(
                            "HEDDLE_DB_URL", postgres.jdbcUrl(),
                            "HEDDLE_DB_USERNAME", postgres.username(),
                            "HEDDLE_DB_PASSWORD", postgres.password()),
                    List.of("-Xmx128m", "-XX:+ExitOnOutOfMemoryError"));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @BeforeAll
    void createUsers() throws Exception {
        for (var first = 0; first < USERS; first += BATCH) {
            var requests =
                    IntStream.range(first, first + BATCH)
                            .mapToObj(
                                    "{\"user\":{\"email\":\"user%1$06d@example.com\",\"name\":\"No. %1$d, \\\"a user\\\"\"}}"
                                            ::formatted)
                            .collect(Collectors.joining(",", "{\"requests\":[", "]}"));
            var response = client.post("/v1/users:batchCreate", requests);
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        }
    }

    @AfterAll
    void stop() throws Exception {
        client.close();
        gateway.close();
    }

    @Test
    void exportIsComplete() throws Exception {
        var lines = lines(export());

        assertThat(lines).hasSize(USERS + 1);
        assertThat(lines.getFirst()).isEqualTo("id,email,name,state,create_time,update_time,etag");
        assertThat(lines.stream().skip(1).map(line -> line.split(",", 3)[1]).sorted())
                .isEqualTo(
                        IntStream.range(0, USERS)
                                .mapToObj("user%06d@example.com"::formatted)
                                .toList());
    }

    @Test
    void readersWhoStopCostNoMemoryAndGetTheRest() throws Exception {
        var expected = lines(export());
        var before = liveBytes();
        var readers = stalledReaders();
        var stalled = liveBytes();

        passTime();

        assertThat(busyConnections()).as("readers who still wait").isEqualTo(READERS);
        var later = liveBytes();
        System.out.printf(
                "live heap: %,d before, %,d with %d stalled readers, %,d after %d s%n",
                before, stalled, READERS, later, STALL_SECONDS);
        assertThat(later - stalled).as("growth while they wait").isLessThan(2 * MEGABYTE);
        assertThat(later - before).as("their cost").isLessThan(READERS * 2 * MEGABYTE);
        assertThat(lines(readers.getFirst())).isEqualTo(expected);
        assertThat(lines(readers.getLast())).isEqualTo(expected);
        for (var reader : readers) {
            reader.close();
        }
    }

    @Test
    void connectionsThatCloseFreeTheirDatabaseConnectionsWithinASecond() throws Exception {
        var readers = stalledReaders();
        var start = System.nanoTime();

        for (var reader : readers) {
            reader.close();
        }

        awaitBusyConnections(0);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
    }

    private List<InputStream> stalledReaders() throws Exception {
        awaitBusyConnections(0);
        var readers = new ArrayList<InputStream>();
        for (var i = 0; i < READERS; i++) {
            readers.add(export());
        }
        awaitBusyConnections(READERS);
        return readers;
    }

    private InputStream export() throws IOException, InterruptedException {
        var response = client.stream("/v1/users:export", "text/csv");
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    private static List<String> lines(InputStream body) throws IOException {
        try (var reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        }
    }

    /// The gateway's own clock: it answers somebody else all the while.
    private void passTime() throws Exception {
        var target = "/v1/echo:stream?interval=1s&count=" + STALL_SECONDS;
        var answers = lines(client.stream(target, "application/x-ndjson").body());
        assertThat(answers.stream().filter(line -> line.contains("index"))).hasSize(STALL_SECONDS);
        assertThat(client.get("/v1/users?page_size=1").statusCode()).isEqualTo(200);
    }

    /// What a full collection leaves.
    private long liveBytes() throws IOException, InterruptedException {
        var histogram =
                new ProcessBuilder(
                                HeddleProcess.program("jcmd"),
                                Long.toString(gateway.pid()),
                                "GC.class_histogram")
                        .redirectErrorStream(true)
                        .start();
        var lines = lines(histogram.getInputStream());
        assertThat(histogram.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(lines.getLast()).startsWith("Total");
        return Long.parseLong(lines.getLast().strip().split(" +", 3)[2]);
    }

    private void awaitBusyConnections(int count) throws SQLException {
        var end = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        try (var connection = postgres.connect()) {
            while (busyConnections(connection) != count) {
                assertThat(System.nanoTime())
                        .as("%d busy connections, at last", count)
                        .isLessThan(end);
                LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            }
        }
    }

    private int busyConnections() throws SQLException {
        try (var connection = postgres.connect()) {
            return busyConnections(connection);
        }
    }

    /// The database says how many of the gateway's sessions are within an export.
    private static int busyConnections(Connection connection) throws SQLException {
        var sql =
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND backend_type = 'client backend'
                  AND state <> 'idle' AND pid <> pg_backend_pid()
                  AND query LIKE '%FROM users WHERE % ORDER BY id'
                """;
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getInt(1);
        }
    }
}
