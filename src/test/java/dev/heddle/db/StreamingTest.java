package dev.heddle.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.TestPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A result larger than memory, read by a JVM of its own with a heap of 64 MB.
@Timeout(120)
final class StreamingTest {
    private static final int ROWS = 1_000_000;
    private static final String QUERY =
            "SELECT n::text, repeat('x', 400) FROM generate_series(1, %d) n".formatted(ROWS);

    @Test
    void millionRowsOf400BytesPassThroughASmallHeap() throws Exception {
        var postgres = TestPostgres.createDatabase();
        var reader =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Reader.class.getName());
        reader.environment()
                .putAll(
                        Map.of(
                                "URL", postgres.jdbcUrl(),
                                "USERNAME", postgres.username(),
                                "PASSWORD", postgres.password()));
        var process = reader.redirectErrorStream(true).start();
        try (var output = process.inputReader()) {
            assertThat(output.lines().toList()).contains("rows " + ROWS, "client rows " + ROWS);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    /// Reads both ways: by [Rows], and as DbClient's own stream.
    static final class Reader {
        private Reader() {}

        public static void main(String[] arguments) {
            var settings =
                    Database.Settings.of(
                            System.getenv("URL"),
                            System.getenv("USERNAME"),
                            System.getenv("PASSWORD"));
            try (var database = Database.open(settings, new SimpleMeterRegistry())) {
                System.out.println(
                        "rows "
                                + database.<Long>snapshot(db ->
                                        Rows.forEach(
                                                db,
                                                new Query("stream", QUERY, Map.of()),
                                                row -> assertThat(row.text(2)).hasSize(400))));
                System.out.println(
                        "client rows "
                                + database.<Long>snapshot(
                                        db -> db.query(QUERY).mapToLong(_ -> 1).sum()));
            }
        }
    }
}
