package dev.heddle.db;

import dev.heddle.rpc.Task;
import java.util.concurrent.locks.ReentrantLock;

/// One state of the database, for several threads to read at the same time; see
/// [Database#sharedSnapshot].
///
/// It holds one connection, at which its readers take turns, and takes more while they are free. So
/// nobody who holds a connection ever waits for another one: however many snapshots are shared at
/// once, they can't lock each other out of the pool, and the last of them goes on with the one
/// connection that it has.
public final class SharedSnapshot implements AutoCloseable {
    private final Database database;
    private final Lease home;
    private final String name;
    private final ReentrantLock turns = new ReentrantLock();
    private boolean isClosed;

    SharedSnapshot(Database database, Lease home, String name) {
        this.database = database;
        this.home = home;
        this.name = name;
    }

    /// Runs a body that reads, as [Database#snapshot] does. What it fails with concerns no other
    /// reader.
    ///
    /// @throws IllegalStateException after the body of [Database#sharedSnapshot] has ended
    public <T> T read(Database.Body<T> body) {
        Task.current().ifPresent(Task::check);
        if (turns.tryLock()) {
            return readAtHome(body);
        }
        return database.besideSnapshot(name, body)
                .orElseGet(() -> {
                    awaitTurn();
                    return readAtHome(body);
                });
    }

    private void awaitTurn() {
        try {
            turns.lockInterruptibly();
        } catch (InterruptedException _) {
            throw ConnectionPool.interrupted();
        }
    }

    private <T> T readAtHome(Database.Body<T> body) {
        try {
            if (isClosed) {
                throw new IllegalStateException(
                        "a read behind the end of its snapshot (expected: within the body that shares it)");
            }
            return database.inTurn(home, body);
        } finally {
            turns.unlock();
        }
    }

    /// Waits for the reader whose turn it is; from then on nobody gets one.
    @Override
    public void close() {
        turns.lock();
        try {
            isClosed = true;
        } finally {
            turns.unlock();
        }
    }
}
