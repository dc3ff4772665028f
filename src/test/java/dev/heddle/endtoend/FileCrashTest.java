package dev.heddle.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.TestGateway;
import dev.heddle.testing.TestPostgres;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A gateway that is killed in the middle of an upload.
@Timeout(180)
final class FileCrashTest {
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    @Test
    void uploadOfAKilledGatewayLeavesNothing(@TempDir Path data) throws Exception {
        var database = TestPostgres.createDatabase();
        try (var gateway =
                HeddleProcess.serve(
                        data,
                        Map.of(
                                "HEDDLE_DB_URL", database.jdbcUrl(),
                                "HEDDLE_DB_USERNAME", database.username(),
                                "HEDDLE_DB_PASSWORD", database.password(),
                                "HEDDLE_FILES_UPLOAD_TIMEOUT", "5s"),
                        List.of())) {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
                var head =
                        "POST /v1/files HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer %s\r\ncontent-length: 9000000\r\n\r\n"
                                .formatted(gateway.token());
                socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
                socket.getOutputStream().write(new byte[1_000_000]);
                awaitChunks(database, 3);
                gateway.kill();
            }
        }
        assertThat(chunks(database)).as("what it left").isEqualTo(3);

        try (var _ = TestGateway.open(database, Map.of("files.sweep-interval", "100ms")).start()) {
            awaitChunks(database, 0);
        }
    }

    private static void awaitChunks(TestPostgres.Database database, int count) throws SQLException {
        var end = System.nanoTime() + PATIENCE_NANOS;
        while (chunks(database) != count && System.nanoTime() < end) {
            LockSupport.parkNanos(20_000_000);
        }
        assertThat(chunks(database)).isEqualTo(count);
    }

    private static int chunks(TestPostgres.Database database) throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM file_chunks")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
