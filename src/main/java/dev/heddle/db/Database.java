package dev.heddle.db;

import dev.heddle.rpc.Task;
import io.helidon.dbclient.DbClient;
import io.helidon.dbclient.DbExecute;
import io.helidon.dbclient.jdbc.JdbcClientBuilder;
import io.helidon.dbclient.jdbc.JdbcParametersConfig;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// The database of a gateway.
///
/// All statements run in a body that [#transaction], [#snapshot], [SharedSnapshot#read] or [#plain]
/// gets. The body has one connection, and uses it on the thread that it is called on. While it
/// runs, the call's deadline and cancellation cancel its statement at the server, and never
/// interrupt its thread, which would break the connection. After it nothing remains: no open
/// cursor, no transaction, no connection.
///
/// What fails is thrown as [RpcException] where a caller should know of it: RESOURCE_EXHAUSTED if
/// all connections are busy, UNAVAILABLE if the database can't be reached, ABORTED for a conflict
/// of transactions, the call's own reason if it was cancelled. A row that a unique constraint
/// refuses is a [UniqueViolationException]. What else fails is a defect and thrown as it is.
public final class Database implements AutoCloseable {
    private final ConnectionPool pool;
    private final StatementTimers timers;
    private final DbClient client;

    /// Where the database is and how it is used.
    ///
    /// @param url its JDBC URL, `jdbc:postgresql://…`; the driver's own parameters may follow, but
    ///   no password; key `db.url`
    /// @param username the role to connect as; key `db.username`
    /// @param password the role's password; key `db.password`
    /// @param statementTimeout how long the server lets one statement run; of a streamed result,
    ///   how long it may take to produce the next batch of rows; at least 1 s, default 60 s; key
    ///   `db.statement-timeout`
    /// @param fetchSize how many rows of a result are fetched at once within a transaction; 1 to
    ///   100,000, default 1,000; key `db.fetch-size`
    /// @param pool the bounds of the pool
    public record Settings(
            String url,
            String username,
            String password,
            Duration statementTimeout,
            int fetchSize,
            PoolSettings pool) {
        private static final Pattern PASSWORD =
                Pattern.compile("[?&](ssl)?password=", Pattern.CASE_INSENSITIVE);
        private static final Duration NETWORK_MARGIN = Duration.ofSeconds(5);

        public Settings {
            check(
                    url.startsWith("jdbc:postgresql:"),
                    "url",
                    withoutParameters(url),
                    "jdbc:postgresql://…");
            // The driver logs the URL as it is.
            check(
                    !PASSWORD.matcher(url).find(),
                    "url",
                    withoutParameters(url) + "?…",
                    "no password in it, but in db.password or db.password-file");
            check(
                    statementTimeout.toSeconds() >= 1,
                    "statement-timeout",
                    statementTimeout,
                    ">= 1 s");
            check(fetchSize >= 1 && fetchSize <= 100_000, "fetch-size", fetchSize, "1 to 100000");
        }

        /// The defaults for a database.
        public static Settings of(String url, String username, String password) {
            return new Settings(
                    url, username, password, Duration.ofSeconds(60), 1000, PoolSettings.defaults());
        }

        public Settings withPool(PoolSettings pool) {
            return new Settings(url, username, password, statementTimeout, fetchSize, pool);
        }

        /// The statement time-out is the server's, set once a connection; should the server not
        /// keep it, the sockets' is a little longer.
        Map<String, String> driverProperties(String applicationName) {
            return Map.of(
                    "ApplicationName", applicationName,
                    "options", "-c statement_timeout=" + millis(statementTimeout),
                    "socketFactory", WatchedSockets.class.getName(),
                    "socketFactoryArg", millis(statementTimeout.plus(NETWORK_MARGIN)),
                    "connectTimeout", seconds(pool.acquireTimeout()),
                    "cancelSignalTimeout", seconds(NETWORK_MARGIN),
                    "tcpKeepAlive", "true",
                    "defaultRowFetchSize", Integer.toString(fetchSize));
        }

        private static String millis(Duration duration) {
            return Long.toString(duration.toMillis());
        }

        private static String seconds(Duration duration) {
            return Long.toString(duration.plusMillis(999).toSeconds());
        }

        private static void check(boolean valid, String key, Object value, String expected) {
            if (!valid) {
                throw new IllegalArgumentException(
                        "db.%s: %s (expected: %s)".formatted(key, value, expected));
            }
        }

        public Settings withStatementTimeout(Duration statementTimeout) {
            return new Settings(url, username, password, statementTimeout, fetchSize, pool);
        }

        /// The URL as it may be shown: without the parameters, of which one may be a password.
        public String address() {
            return withoutParameters(url);
        }

        private static String withoutParameters(String url) {
            return url.replaceFirst("\\?.*", "");
        }

        /// Without the password.
        @Override
        public String toString() {
            return "Settings[url=%s, username=%s]".formatted(address(), username);
        }
    }

    /// Statements that belong together.
    ///
    /// @param <T> their result, which must not hold on to the database
    @FunctionalInterface
    public interface Body<T> {
        T run(DbExecute db);
    }

    @FunctionalInterface
    private interface Work<T> {
        T run(Lease lease) throws SQLException;
    }

    private Database(String name, Settings settings, MeterRegistry meters) {
        this.pool = new ConnectionPool(name, settings, meters);
        this.timers = new StatementTimers(meters);
        this.client =
                JdbcClientBuilder.create()
                        .connectionPool(() -> Lease.current().connection())
                        .parametersSetter(
                                JdbcParametersConfig.builder()
                                        .useStringBinding(false)
                                        .useByteArrayBinding(false)
                                        .build())
                        .addService(new StatementObserver())
                        .build();
    }

    /// Opens the pool, without waiting for the database to be there.
    public static Database open(Settings settings, MeterRegistry meters) {
        return open("heddle", settings, meters);
    }

    /// Opens a pool besides the first.
    ///
    /// @param name the pool's name in metrics and in the server's `application_name`
    public static Database open(String name, Settings settings, MeterRegistry meters) {
        return new Database(name, settings, meters);
    }

    /// Runs a body in a READ COMMITTED transaction, which is committed if the body returns and
    /// rolled back if it throws or the call is cancelled.
    public <T> T transaction(Body<T> body) {
        return lease(lease -> {
            lease.beginTransaction();
            return committed(lease, body);
        });
    }

    /// Runs a body that reads: all its statements see the database as it was at the first. Results
    /// are fetched a batch at a time, so they may be larger than memory.
    public <T> T snapshot(Body<T> body) {
        return lease(lease -> {
            lease.beginSnapshot();
            return committed(lease, body);
        });
    }

    /// Runs a body whose parts read at the same time, on threads of their own: all of them see the
    /// database as it was when this was called. The body itself reads nothing; see
    /// [SharedSnapshot#read].
    public <T> T sharedSnapshot(Function<SharedSnapshot, T> body) {
        return lease(lease -> {
            lease.beginSnapshot();
            try (var snapshot = new SharedSnapshot(this, lease, lease.exportSnapshot())) {
                return body.apply(snapshot);
            }
        });
    }

    /// Runs a body on a connection that is free, as part of a snapshot; empty where none is.
    <T> Optional<T> besideSnapshot(String name, Body<T> body) {
        return pool.tryAcquire()
                .map(connection ->
                        use(
                                connection,
                                lease -> {
                                    lease.beginSnapshot(name);
                                    return committed(lease, body);
                                }));
    }

    /// Runs a body in the midst of the transaction of a lease, which no other thread uses
    /// meanwhile.
    <T> T inTurn(Lease home, Body<T> body) {
        return shielded(() ->
                use(
                        home.turn(Task.current()),
                        lease -> {
                            lease.beginTurn();
                            return body.run(client.transaction());
                        }));
    }

    /// Runs a body outside of transactions: each statement is one of its own.
    public <T> T plain(Body<T> body) {
        return lease(_ -> body.run(client.execute()));
    }

    /// The participant of a key in the transaction within which the current thread runs.
    ///
    /// @param key whose participant it is; there is one of a key in a transaction
    /// @param joining makes the participant where the key has none yet
    /// @throws IllegalStateException outside of [#transaction]
    public static Participant participant(Object key, Supplier<? extends Participant> joining) {
        return Lease.current().participant(key, joining);
    }

    /// How many connections are in use now.
    public int busyConnections() {
        return pool.busy();
    }

    @Override
    public void close() {
        client.close();
        pool.close();
    }

    private <T> T committed(Lease lease, Body<T> body) throws SQLException {
        var db = client.transaction();
        var result = body.run(db);
        lease.beforeCommit(db);
        lease.disarm();
        Task.current().ifPresent(Task::check);
        lease.commit();
        return result;
    }

    private <T> T lease(Work<T> work) {
        if (Lease.isHeld()) {
            throw new IllegalStateException(
                    "a transaction within a transaction (expected: one, whose DbExecute is passed on)");
        }
        var task = Task.current();
        task.ifPresent(Task::check);
        return use(pool.acquire(), work);
    }

    private <T> T use(Connection connection, Work<T> work) {
        return shielded(() -> use(new Lease(pool, connection, timers, Task.current()), work));
    }

    private static <T> T shielded(Supplier<T> body) {
        var task = Task.current();
        return task.isPresent() ? task.get().shielded(body::get) : body.get();
    }

    private <T> T use(Lease lease, Work<T> work) {
        try (lease) {
            return lease.hold(() -> work.run(lease));
        } catch (SQLException | RuntimeException e) {
            lease.failed();
            throw SqlFailures.translate(e, Task.current());
        }
    }
}
