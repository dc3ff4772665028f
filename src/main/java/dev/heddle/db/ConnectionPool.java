package dev.heddle.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.metrics.micrometer.MicrometerMetricsTrackerFactory;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import io.grpc.Status.Code;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// Lends connections of a HikariCP pool.
///
/// Callers queue here, at a semaphore with as many places as the pool has connections, and never
/// within Hikari. So the wait is bounded by the call's deadline as well, a cancellation ends it,
/// and its failure means that all connections are busy; whereas Hikari's own time-out is left with
/// one meaning, that there is no database.
final class ConnectionPool implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(ConnectionPool.class.getName());
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final HikariDataSource hikari;
    private final Semaphore places;
    private final PoolSettings settings;
    private final AtomicBoolean outage = new AtomicBoolean();

    ConnectionPool(String name, Database.Settings settings, MeterRegistry meters) {
        this.settings = settings.pool();
        this.places = new Semaphore(this.settings.max(), true);
        this.hikari = new HikariDataSource(configuration(name, settings, meters));
        Gauge.builder("db.pool.waiting", places, Semaphore::getQueueLength)
                .description("calls that wait for a database connection")
                .tag("pool", name)
                .register(meters);
    }

    /// Waits for a connection; to be given back with [#release]. Must be called where the call's
    /// cancellation may interrupt the thread.
    ///
    /// @throws RpcException RESOURCE_EXHAUSTED, UNAVAILABLE, or the call's cancellation
    Connection acquire() {
        awaitPlace();
        return connect();
    }

    /// A connection if one is free and nobody waits for it.
    ///
    /// @throws RpcException UNAVAILABLE, or the call's cancellation
    Optional<Connection> tryAcquire() {
        try {
            // without a time it would take the place of those who wait
            return places.tryAcquire(0, TimeUnit.NANOSECONDS)
                    ? Optional.of(connect())
                    : Optional.empty();
        } catch (InterruptedException _) {
            throw interrupted();
        }
    }

    private Connection connect() {
        var acquired = false;
        try {
            var connection = hikari.getConnection();
            acquired = true;
            if (outage.getAndSet(false)) {
                LOGGER.log(Level.INFO, "the database is back");
            }
            return connection;
        } catch (SQLException e) {
            Task.current().ifPresent(Task::check);
            if (!outage.getAndSet(true)) {
                LOGGER.log(Level.WARNING, "the database is unavailable", e);
            }
            throw SqlFailures.unavailable().withCause(e);
        } finally {
            if (!acquired) {
                places.release();
            }
        }
    }

    void release(Connection connection) throws SQLException {
        try {
            connection.close();
        } finally {
            places.release();
        }
    }

    /// Has a connection closed rather than kept when it is released.
    void evict(Connection connection) {
        hikari.evictConnection(connection);
    }

    /// How many connections are lent now.
    int busy() {
        return settings.max() - places.availablePermits();
    }

    @Override
    public void close() {
        hikari.close();
    }

    private void awaitPlace() {
        var task = Task.current();
        var wait =
                task.flatMap(Task::remaining)
                        .filter(left -> left.compareTo(settings.acquireTimeout()) < 0)
                        .orElse(settings.acquireTimeout());
        try {
            if (places.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                return;
            }
        } catch (InterruptedException _) {
            throw interrupted();
        }
        task.ifPresent(Task::check);
        if (wait.compareTo(settings.acquireTimeout()) < 0) {
            throw new RpcException(
                    Code.DEADLINE_EXCEEDED,
                    "the deadline passed while waiting for a database connection");
        }
        throw outage.get() ? SqlFailures.unavailable() : exhausted(wait);
    }

    /// What to throw where a wait for a connection was interrupted.
    static RpcException interrupted() {
        Thread.currentThread().interrupt();
        return Task.current()
                .flatMap(Task::cancellation)
                .orElseGet(() ->
                        new RpcException(
                                Code.CANCELLED, "interrupted while waiting for the database"));
    }

    private RpcException exhausted(Duration waited) {
        return new RpcException(
                        Code.RESOURCE_EXHAUSTED,
                        "no database connection became free within %d ms"
                                .formatted(waited.toMillis()))
                .withReason(
                        RpcException.OVERLOADED,
                        Map.of(RpcException.RESOURCE, RpcException.DATABASE))
                .withRetryAfter(RETRY_AFTER);
    }

    static HikariConfig configuration(
            String name, Database.Settings settings, MeterRegistry meters) {
        var pool = settings.pool();
        var config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(settings.url());
        config.setUsername(settings.username());
        config.setPassword(settings.password());
        config.setMinimumIdle(pool.min());
        config.setMaximumPoolSize(pool.max());
        config.setConnectionTimeout(pool.acquireTimeout().toMillis());
        config.setMaxLifetime(pool.maxLifetime().toMillis());
        config.setIdleTimeout(pool.idleTimeout().toMillis());
        config.setKeepaliveTime(pool.keepAlive().toMillis());
        config.setValidationTimeout(pool.validationTimeout().toMillis());
        // The process starts, and says that it isn't ready, where the database is not there yet.
        config.setInitializationFailTimeout(-1);
        config.setMetricsTrackerFactory(new MicrometerMetricsTrackerFactory(meters));
        settings.driverProperties(name).forEach(config::addDataSourceProperty);
        return config;
    }
}
