package dev.heddle.testing;

import dev.heddle.db.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/// One PostgreSQL for the whole test run, started when a test first asks for a database and stopped
/// with the JVM.
///
/// It does not wait for the disk, so a test of durability starts its own, with [#settings] in a
/// [#newDirectory].
public final class TestPostgres {
    private static final Path HOME = Path.of("target", "postgres").toAbsolutePath();
    private static final String PREFIX = "test_";
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private TestPostgres() {}

    /// A database and how to connect to it.
    ///
    /// @param jdbcUrl its URL, without credentials
    public record Database(String jdbcUrl, String username, String password) {
        public Connection connect() throws SQLException {
            return DriverManager.getConnection(jdbcUrl, username, password);
        }
    }

    /// A new and empty database, for one test class. It is deleted in the next run.
    public static Database createDatabase() {
        var server = Shared.SERVER;
        var name = PREFIX + NUMBER.incrementAndGet();
        try {
            execute(server, "CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new AssertionError("no database for the test", e);
        }
        return database(server, name);
    }

    /// A new directory that PostgreSQL may enter, for one of a test's own. Whoever asks for it
    /// deletes it.
    public static Path newDirectory() throws IOException {
        var parent = Files.createDirectories(HOME.resolve("own"));
        var directory = parent.resolve(UUID.randomUUID().toString());
        return Files.createDirectory(directory);
    }

    /// The settings that users have, save that the unpacked programs are shared by all tests.
    public static EmbeddedPostgres.Settings settings() {
        return settings(Map.of());
    }

    /// How to connect to the database `heddle` of a server.
    public static Database database(EmbeddedPostgres server) {
        return new Database(server.jdbcUrl(), server.username(), server.password());
    }

    private static Database database(EmbeddedPostgres server, String name) {
        var url = "jdbc:postgresql://127.0.0.1:%d/%s".formatted(server.port(), name);
        return new Database(url, server.username(), server.password());
    }

    private static EmbeddedPostgres.Settings settings(Map<String, String> parameters) {
        return new EmbeddedPostgres.Settings(
                0,
                400,
                Duration.ofSeconds(60),
                Duration.ofSeconds(10),
                parameters,
                Optional.of(HOME));
    }

    private static void execute(EmbeddedPostgres server, String sql) throws SQLException {
        try (var connection = database(server).connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static final class Shared {
        static final EmbeddedPostgres SERVER = start();

        private static EmbeddedPostgres start() {
            try {
                var server =
                        EmbeddedPostgres.start(
                                HOME.resolve("shared"),
                                settings(Map.of("fsync", "off", "synchronous_commit", "off")));
                Runtime.getRuntime().addShutdownHook(new Thread(server::close, "postgres-stop"));
                dropDatabasesOfEarlierRuns(server);
                return server;
            } catch (InterruptedException | SQLException e) {
                throw new AssertionError("no PostgreSQL for the tests", e);
            }
        }

        private static void dropDatabasesOfEarlierRuns(EmbeddedPostgres server)
                throws SQLException {
            var names = new ArrayList<String>();
            try (var connection = database(server).connect();
                    var statement = connection.createStatement();
                    var rows = statement.executeQuery("SELECT datname FROM pg_database")) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
            for (var name : names) {
                if (name.startsWith(PREFIX)) {
                    execute(server, "DROP DATABASE %s WITH (FORCE)".formatted(name));
                }
            }
        }
    }
}
