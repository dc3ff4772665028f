package dev.heddle.db;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.Task;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What db-scheduler needs of the database: connections of its own, the way in which it picks what
/// is due, and the database's clock.
public final class Triggers implements AutoCloseable {
    /// One to pick, one for heartbeats and one to look for the dead.
    private static final int CONNECTIONS = 3;

    /// Longer than any time-out of an operator's, lest the tasks of another version are deleted.
    private static final Duration FOREVER = Duration.ofDays(36_500);

    /// Plans are kept, and one that was made when few tasks waited would read all of them when they
    /// are many.
    private static final String PREFER_INDEXES = "SET enable_seqscan = off";

    private final HikariDataSource connections;

    /// The data of a task are in tables of its own: db-scheduler keeps none, above all not as
    /// serialised Java.
    private static final class NoData implements Serializer {
        @Override
        public byte @Nullable [] serialize(@Nullable Object data) {
            if (data != null) {
                throw new IllegalArgumentException("data of a task (expected: none)");
            }
            return null;
        }

        @Override
        public <T> @Nullable T deserialize(Class<T> type, byte @Nullable [] data) {
            return null;
        }
    }

    private Triggers(HikariDataSource connections) {
        this.connections = connections;
    }

    /// Opens the connections, without waiting for the database to be there.
    ///
    /// @param name their name in metrics and in the server's `application_name`
    public static Triggers open(String name, Database.Settings settings, MeterRegistry meters) {
        var pool = settings.pool();
        var own =
                settings.withPool(
                        new PoolSettings(
                                1,
                                CONNECTIONS,
                                pool.acquireTimeout(),
                                pool.maxLifetime(),
                                pool.idleTimeout(),
                                pool.keepAlive(),
                                pool.validationTimeout()));
        var configuration = ConnectionPool.configuration(name, own, meters);
        configuration.setConnectionInitSql(PREFER_INDEXES);
        return new Triggers(new HikariDataSource(configuration));
    }

    /// Begins to build a scheduler.
    ///
    /// @param pick how it picks what is due
    public SchedulerBuilder scheduler(Pick<?> pick, List<Task<?>> tasks) {
        var clock = new DatabaseClock();
        return Scheduler.create(connections, tasks)
                .jdbcCustomization(new PickStatement<>(pick, clock))
                .clock(clock)
                .serializer(new NoData())
                .deleteUnresolvedAfter(FOREVER)
                .enablePriority();
    }

    @Override
    public void close() {
        connections.close();
    }
}
