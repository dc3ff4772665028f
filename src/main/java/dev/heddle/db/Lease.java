package dev.heddle.db;

import dev.heddle.rpc.Task;
import io.helidon.dbclient.DbExecute;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
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
    private final boolean isTurn;
    private final Connection lent;
    private final Task.Registration cancellation;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition disarmed = lock.newCondition();
    private final Map<Object, Participant> participants = new LinkedHashMap<>();
    private boolean armed = true;
    private boolean takesWrites;
    private boolean toRollBack;
    private Optional<Savepoint> savepoint = Optional.empty();
    private Optional<String> statement = Optional.empty();

    Lease(ConnectionPool pool, Connection physical, StatementTimers timers, Optional<Task> task) {
        this(pool, physical, timers, task, false);
    }

    private Lease(
            ConnectionPool pool,
            Connection physical,
            StatementTimers timers,
            Optional<Task> task,
            boolean isTurn) {
        this.pool = pool;
        this.physical = physical;
        this.timers = timers;
        this.isTurn = isTurn;
        this.lent = LentConnection.of(physical, task);
        this.cancellation = task.map(t -> t.onCancel(this::cancelUntilDisarmed)).orElse(() -> {});
    }

    /// A turn at this lease's connection, in the midst of its transaction: at its end what was done
    /// is undone, and the connection stays with this lease. One turn at a time.
    Lease turn(Optional<Task> task) {
        return new Lease(pool, physical, timers, task, true);
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

    /// Lets [#beginSnapshot(String)] see what this snapshot sees, until it ends.
    ///
    /// @return the name of the snapshot
    String exportSnapshot() throws SQLException {
        try (var export = physical.createStatement();
                var result = export.executeQuery("SELECT pg_export_snapshot()")) {
            result.next();
            return result.getString(1);
        }
    }

    /// Makes the connection a view of what another sees.
    ///
    /// @param name what [#exportSnapshot] has returned
    void beginSnapshot(String name) throws SQLException {
        beginSnapshot();
        try (var set = physical.createStatement()) {
            set.execute("SET TRANSACTION SNAPSHOT '%s'".formatted(name));
        }
    }

    /// Begins a [#turn].
    void beginTurn() throws SQLException {
        savepoint = Optional.of(physical.setSavepoint());
        toRollBack = true;
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
            if (!isTurn) {
                pool.release(physical);
            }
        }
    }

    private void rollBack() throws SQLException {
        try {
            if (savepoint.isPresent()) {
                physical.rollback(savepoint.get());
            } else {
                physical.rollback();
            }
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
