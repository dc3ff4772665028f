package dev.heddle.db.embedded;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A PostgreSQL 18 that runs as a child of this process, on the loopback interface, with its data
/// in a directory. The data stays when it stops.
///
/// When this process is killed PostgreSQL is told to stop; if one is found running at the next
/// start anyway, it is stopped first. Either way each acknowledged commit is there again.
public final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(EmbeddedPostgres.class.getName());
    private static final String HOST = "127.0.0.1";

    private final DirectoryLock lock;
    private final Postmaster postmaster;
    private final Settings settings;
    private final String password;
    private final int port;
    private final ProcessHandle process;
    private final Watchdog watchdog;

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
    ///   default; key `db.embedded.parameters`
    /// @param programs a directory for the unpacked programs (60 MB) that several data directories
    ///   may share; by default they are in the data directory; key `db.embedded.programs`
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

    private EmbeddedPostgres(
            DirectoryLock lock,
            Postmaster postmaster,
            Settings settings,
            int port,
            ProcessHandle process)
            throws IOException {
        this.lock = lock;
        this.postmaster = postmaster;
        this.settings = settings;
        this.password = postmaster.cluster().password();
        this.port = port;
        this.process = process;
        this.watchdog =
                Watchdog.start(postmaster.cluster(), process.pid(), postmaster.log().path());
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
            var home = directory.toRealPath();
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
        return "jdbc:postgresql://%s:%d/%s".formatted(HOST, port, Cluster.DATABASE);
    }

    public String username() {
        return Cluster.USERNAME;
    }

    public String password() {
        return password;
    }

    public int port() {
        return port;
    }

    /// The process id of its server process.
    public long pid() {
        return process.pid();
    }

    /// Stops it. Connections that are still open are cut, their transactions rolled back.
    @Override
    public void close() {
        watchdog.close();
        try (lock) {
            postmaster.stop(settings.stopTimeout());
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "PostgreSQL could not be stopped; the next start will", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it has its signal and stops without us
        }
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
        return start(postmaster, settings, lock);
    }

    private static EmbeddedPostgres start(
            Postmaster postmaster, Settings settings, DirectoryLock lock)
            throws IOException, InterruptedException {
        var end = System.nanoTime() + settings.startTimeout().toNanos();
        while (true) {
            var port = settings.port() == 0 ? freePort() : settings.port();
            postmaster.cluster().configure(parameters(settings, port));
            switch (postmaster.start(settings.startTimeout())) {
                case Postmaster.Outcome.Ready(var process) -> {
                    return new EmbeddedPostgres(lock, postmaster, settings, port, process);
                }
                case Postmaster.Outcome.Failed(var logged) -> {
                    if (!passes(logged, settings) || System.nanoTime() > end) {
                        throw new EmbeddedPostgresException(
                                "PostgreSQL was not ready within %s, and logged:\n%s"
                                        .formatted(settings.startTimeout(), logged));
                    }
                }
            }
        }
    }

    // Another process may take the free port first, and what served the sessions of a server that
    // was killed takes a moment to see it.
    private static boolean passes(String logged, Settings settings) {
        return logged.contains("shared memory block")
                || (settings.port() == 0 && logged.contains("could not bind"));
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Map<String, String> parameters(Settings settings, int port) {
        var parameters = new HashMap<String, String>();
        parameters.put("listen_addresses", HOST);
        parameters.put("port", Integer.toString(port));
        parameters.put("unix_socket_directories", "");
        parameters.put("max_connections", Integer.toString(settings.maxConnections()));
        parameters.put("fsync", "on");
        parameters.put("synchronous_commit", "on");
        parameters.put("full_page_writes", "on");
        parameters.put("timezone", "UTC");
        parameters.put("log_timezone", "UTC");
        // failed statements are for those who sent them, and would fill the log without bound
        parameters.put("log_min_messages", "log");
        parameters.put("log_checkpoints", "off");
        parameters.put("max_wal_senders", "0");
        parameters.put("max_logical_replication_workers", "0");
        parameters.putAll(settings.parameters());
        return parameters;
    }
}
