package dev.heddle.db;

import dev.heddle.rpc.Task;
import io.helidon.dbclient.DbExecute;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/// A connection while a body of statements has it, and no longer: at [#close] it is rolled back if
/// it wasn't committed, and given back, whatever the body left open.
///
/// While it is armed a cancellation of the call cancels the statement at the server. The cancel is
/// sent again and again until the lease is disarmed, because the server ignores one that arrives
/// between two statements. It can't hit the connection's next borrower: disarming waits for a
/// cancel that is on its way, and a server that is done with it ignores it when idle.
final class Lease implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(Lease.class.getName());
    private static final ScopedValue<Lease> CURRENT = ScopedValue.newInstance();
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LAST_PAUSE_MILLIS = 1000;

    private final ConnectionPool pool;
    private final Connection physical;
    private final StatementTimers timers;
    private final Connection lent;
    private final Task.Registration cancellation;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition disarmed = lock.newCondition();
    private final Map<Object, Participant> participants = new LinkedHashMap<>();
    private boolean armed = true;
    private boolean takesWrites;
    private boolean toRollBack;
    private Optional<String> statement = Optional.empty();

    Lease(ConnectionPool pool, Connection physical, StatementTimers timers, Optional<Task> task) {
        this.pool = pool;
        this.physical = physical;
        this.timers = timers;
        this.lent = LentConnection.of(physical, task);
        this.cancellation = task.map(t -> t.onCancel(this::cancelUntilDisarmed)).orElse(() -> {});
    }

    /// The lease within which the current thread runs.
    static Lease current() {
        if (!CURRENT.isBound()) {
            throw new IllegalStateException(
                    "a statement outside of its transaction (expected: within the body that it was made for)");
        }
        return CURRENT.get();
    }

    static boolean isHeld() {
        return CURRENT.isBound();
    }

    <T, X extends Throwable> T hold(ScopedValue.CallableOp<T, X> body) throws X {
        return ScopedValue.where(CURRENT, this).call(body);
    }

    /// The connection, without the means to end the lease.
    Connection connection() {
        return lent;
    }

    /// Notes that a statement begins.
    ///
    /// @return to be run when it has ended well
    Runnable begin(String name) {
        var start = System.nanoTime();
        statement = Optional.of(name);
        return () -> {
            statement = Optional.empty();
            timers.succeeded(name, start);
        };
    }

    /// Notes that the body failed, and the statement with it that has not ended.
    void failed() {
        statement.ifPresent(timers::failed);
    }

    void beginTransaction() throws SQLException {
        begin();
        takesWrites = true;
    }

    /// Makes the connection a stable view of the database's present state, for reading.
    void beginSnapshot() throws SQLException {
        begin();
        try (var set = physical.createStatement()) {
            set.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
        }
    }

    private void begin() throws SQLException {
        physical.setAutoCommit(false);
        toRollBack = true;
    }

    /// The participant of a key, who joins the transaction if it has not.
    Participant participant(Object key, Supplier<? extends Participant> joining) {
        if (!takesWrites) {
            throw new IllegalStateException("a write outside of a transaction (expected: within)");
        }
        return participants.computeIfAbsent(key, _ -> joining.get());
    }

    void beforeCommit(DbExecute db) {
        participants.values().forEach(each -> each.beforeCommit(db));
    }

    /// Commits; the driver by itself would take the COMMIT of a failed transaction, which the
    /// server answers by rolling back, for a success.
    void commit() throws SQLException {
        if (physical.unwrap(BaseConnection.class).getTransactionState()
                == TransactionState.FAILED) {
            throw new IllegalStateException(
                    "a statement failed and its body went on (expected: the failure is thrown)");
        }
        physical.commit();
        toRollBack = false;
        participants.values().forEach(Participant::afterCommit);
    }

    /// From here a cancellation of the call leaves the connection alone.
    void disarm() {
        cancellation.close();
        lock.lock();
        try {
            armed = false;
            disarmed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws SQLException {
        disarm();
        try {
            if (toRollBack) {
                rollBack();
            }
        } finally {
            pool.release(physical);
        }
    }

    private void rollBack() throws SQLException {
        try {
            physical.rollback();
        } catch (SQLException e) {
            pool.evict(physical);
            throw e;
        }
    }

    private void cancelUntilDisarmed() {
        lock.lock();
        try {
            for (var pause = FIRST_PAUSE_MILLIS; armed; pause = longer(pause)) {
                physical.unwrap(PGConnection.class).cancelQuery();
                var _ = disarmed.await(pause, TimeUnit.MILLISECONDS);
            }
        } catch (SQLException e) {
            LOGGER.log(Level.WARNING, "a statement could not be cancelled", e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private static long longer(long pause) {
        return Math.min(2 * pause, LAST_PAUSE_MILLIS);
    }
}
