package dev.heddle.db.embedded;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// A PostgreSQL 18 that runs beside this process, on the loopback interface, with its data in a
/// directory. The data stays when it stops.
///
/// When this process is killed, PostgreSQL is told to stop; one that is found running at the next
/// start anyway is stopped first. When PostgreSQL is killed, it is started again on the same port.
/// In each case every acknowledged commit is there again.
public final class EmbeddedPostgres implements AutoCloseable {
    static final String HOST = "127.0.0.1";

    private static final Logger LOGGER = System.getLogger(EmbeddedPostgres.class.getName());

    private final DirectoryLock lock;
    private final Supervisor supervisor;
    private final String password;

    /// How it runs.
    ///
    /// @param port the TCP port on 127.0.0.1, at most 65535; 0, the default, chooses a free one at
    ///   each start; key `db.embedded.port`
    /// @param maxConnections how many connections it accepts, 10 to 1000, default 100; key
    ///   `db.embedded.max-connections`
    /// @param startTimeout how long a start may take, recovery after a crash included; at least a
    ///   second, default 60 s; key `db.embedded.start-timeout`
    /// @param stopTimeout how long it may take to write all out when it stops; then it just ends,
    ///   and recovers at the next start; more than zero, default 10 s; key
    ///   `db.embedded.stop-timeout`
    /// @param parameters more of PostgreSQL's own parameters, which take precedence; none by
    ///   default, and no key
    /// @param programs a directory for the unpacked programs (60 MB) that several data directories
    ///   may share; by default they are in the data directory; no key
    public record Settings(
            int port,
            int maxConnections,
            Duration startTimeout,
            Duration stopTimeout,
            Map<String, String> parameters,
            Optional<Path> programs) {
        public Settings {
            check(port >= 0 && port <= 65535, "port", port, "0 to 65535");
            check(
                    maxConnections >= 10 && maxConnections <= 1000,
                    "max-connections",
                    maxConnections,
                    "10 to 1000");
            check(startTimeout.toSeconds() >= 1, "start-timeout", startTimeout, ">= 1 s");
            check(stopTimeout.isPositive(), "stop-timeout", stopTimeout, "> 0");
            parameters = Map.copyOf(parameters);
            for (var name : parameters.keySet()) {
                check(name.matches("[a-z_.]+"), "parameters", name, "names of a-z, _ and .");
            }
        }

        /// The defaults.
        public static Settings defaults() {
            return new Settings(
                    0,
                    100,
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(10),
                    Map.of(),
                    Optional.empty());
        }

        private static void check(boolean valid, String key, Object value, String expected) {
            if (!valid) {
                throw new IllegalArgumentException(
                        "db.embedded.%s: %s (expected: %s)".formatted(key, value, expected));
            }
        }
    }

    private EmbeddedPostgres(DirectoryLock lock, Supervisor supervisor, String password) {
        this.lock = lock;
        this.supervisor = supervisor;
        this.password = password;
    }

    /// Starts PostgreSQL on a directory, which is created and filled at the first start.
    ///
    /// @param directory where all of it is kept; one process at a time may use it
    /// @return it, accepting connections
    /// @throws EmbeddedPostgresException if it can't be started, or another process uses the
    ///   directory
    public static EmbeddedPostgres start(Path directory, Settings settings)
            throws InterruptedException {
        try {
            Directories.createReadable(directory.toAbsolutePath());
            var home = plain(directory.toRealPath());
            var lock = DirectoryLock.acquire(home);
            try {
                return start(home, settings, lock);
            } catch (Throwable e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new EmbeddedPostgresException(
                    "%s: PostgreSQL can't be started there: %s".formatted(directory, e), e);
        }
    }

    /// The URL of its database `heddle`, without credentials.
    public String jdbcUrl() {
        return "jdbc:postgresql://%s:%d/%s".formatted(HOST, port(), Cluster.DATABASE);
    }

    public String username() {
        return Cluster.USERNAME;
    }

    public String password() {
        return password;
    }

    /// Its port, which is the same as long as this process runs.
    public int port() {
        return supervisor.server().port();
    }

    /// The process id of its server process.
    public long pid() {
        return supervisor.server().process().pid();
    }

    /// Stops it. Connections that are still open are cut, their transactions rolled back.
    @Override
    public void close() {
        try (lock) {
            supervisor.stop();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "PostgreSQL can't be stopped; the next start will", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // pg_ctl hands paths to a shell, in double quotes.
    private static Path plain(Path path) {
        if (Account.isUnix() && path.toString().matches("(?s).*[\"$`\\\\\n].*")) {
            throw new EmbeddedPostgresException(
                    "%s: PostgreSQL can't be started there (expected: a path without \" $ ` \\)"
                            .formatted(path));
        }
        return path;
    }

    private static EmbeddedPostgres start(Path home, Settings settings, DirectoryLock lock)
            throws IOException, InterruptedException {
        var directory = home.resolve("cluster");
        var account = Account.choose(home, directory);
        var programs = Programs.unpackInto(settings.programs().orElse(home));
        var cluster = new Cluster(directory, programs, account);
        var postmaster = new Postmaster(cluster, new ServerLog(home.resolve("postgres.log")));
        postmaster.stop(settings.stopTimeout());
        cluster.createIfMissing();
        var password = cluster.password();
        var supervisor = Supervisor.start(new Launcher(postmaster, settings));
        return new EmbeddedPostgres(lock, supervisor, password);
    }
}
