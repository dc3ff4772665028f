package dev.heddle.bench;

import dev.heddle.TestGateway;
import dev.heddle.db.embedded.EmbeddedPostgres;
import dev.heddle.testing.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/// A gateway as users have it, on a PostgreSQL of its own that waits for the disk. When it is
/// closed, or the program ends otherwise, all of it is gone.
final class BenchGateway implements AutoCloseable {
    private final Path folder;
    private final EmbeddedPostgres postgres;
    private final TestGateway gateway;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    private BenchGateway(Path folder, EmbeddedPostgres postgres, TestGateway gateway) {
        this.folder = folder;
        this.postgres = postgres;
        this.gateway = gateway;
    }

    /// Starts it.
    ///
    /// @param parent gets a new folder that keeps the data meanwhile
    static BenchGateway start(Path parent) throws IOException, InterruptedException {
        var folder = Files.createTempDirectory(Files.createDirectories(parent), "users-");
        var postgres =
                EmbeddedPostgres.start(
                        folder.resolve("postgres"), EmbeddedPostgres.Settings.defaults());
        var settings = Map.of("data", folder.resolve("data").toString());
        var gateway = TestGateway.open(TestPostgres.database(postgres), settings).start();
        var opened = new BenchGateway(folder, postgres, gateway);
        Runtime.getRuntime().addShutdownHook(new Thread(opened::close, "bench-stop"));
        return opened;
    }

    int port() {
        return gateway.port();
    }

    String token() {
        return gateway.token();
    }

    /// A connection to the database, past the gateway.
    Connection connect() throws SQLException {
        return TestPostgres.database(postgres).connect();
    }

    @Override
    public void close() {
        if (isClosed.compareAndSet(false, true)) {
            gateway.close();
            postgres.close();
            delete();
        }
    }

    private void delete() {
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            System.err.printf("%s can't be deleted: %s%n", folder, e);
        }
    }
}
