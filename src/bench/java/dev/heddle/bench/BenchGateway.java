package dev.heddle.bench;

import dev.heddle.TestGateway;
import dev.heddle.db.Database;
import dev.heddle.db.embedded.EmbeddedPostgres;
import dev.heddle.feed.Feed;
import dev.heddle.testing.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/// A gateway as users have it, on a PostgreSQL of its own that waits for the disk. When it is
/// closed, or the program ends otherwise, all of it is gone.
public final class BenchGateway implements AutoCloseable {
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
    public static BenchGateway start(Path parent) throws IOException, InterruptedException {
        return start(parent, Map.of());
    }

    /// Starts it.
    ///
    /// @param parent gets a new folder that keeps the data meanwhile
    /// @param overrides values of the configuration, by key
    public static BenchGateway start(Path parent, Map<String, String> overrides)
            throws IOException, InterruptedException {
        var folder = Files.createTempDirectory(Files.createDirectories(parent), "gateway-");
        var postgres =
                EmbeddedPostgres.start(
                        folder.resolve("postgres"), EmbeddedPostgres.Settings.defaults());
        var settings = new HashMap<>(overrides);
        settings.put("data", folder.resolve("data").toString());
        var gateway = TestGateway.open(TestPostgres.database(postgres), settings).start();
        var opened = new BenchGateway(folder, postgres, gateway);
        Runtime.getRuntime().addShutdownHook(new Thread(opened::close, "bench-stop"));
        return opened;
    }

    public int port() {
        return gateway.port();
    }

    public String token() {
        return gateway.token().orElseThrow();
    }

    /// The gateway's pool, for what a service of its own would do.
    public Database database() {
        return gateway.database();
    }

    /// The gateway's feed, for what a service of its own would do.
    public Feed feed() {
        return gateway.feed();
    }

    public int activeCalls() {
        return gateway.activeCalls();
    }

    /// The database, for who comes past the gateway.
    public TestPostgres.Database postgres() {
        return TestPostgres.database(postgres);
    }

    /// A connection to the database, past the gateway.
    public Connection connect() throws SQLException {
        return postgres().connect();
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
