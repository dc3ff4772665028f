package dev.heddle.async;

import dev.heddle.db.Database;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import io.grpc.Status.Code;
import io.helidon.dbclient.DbExecute;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// Leases that all gateways of a database share.
///
/// A lease is a row with an expiry, by the clock of the database alone. It outlives the connection
/// that took it, which a lock of PostgreSQL does not, and ends by itself where its holder crashes.
public final class Leases {
    /// The reason of a failure for a lease that has been lost.
    public static final String LOST = "LEASE_LOST";

    /// The reason of a failure for a lease that another holds.
    public static final String HELD = "LEASE_HELD";

    private static final long FIRST_PAUSE_MILLIS = 10;
    private static final long LAST_PAUSE_MILLIS = 500;

    private final Database database;
    private final String holder;
    private final LeaseStore store = new LeaseStore();

    /// The leases of a database.
    ///
    /// @param holder who takes leases here, such as the name of the gateway: for operators
    public Leases(Database database, String holder) {
        this.database = database;
        this.holder = holder;
    }

    /// Takes a lease if nobody holds it.
    ///
    /// @param name of what it guards
    /// @param time how long it lasts if it is not renewed, more than zero
    public Optional<Lease> tryAcquire(String name, Duration time) {
        return database.transaction(db -> store.acquire(db, name, holder, time))
                .map(token -> new Lease(this, name, token));
    }

    /// Takes a lease; waits while another holds it.
    ///
    /// @param name of what it guards
    /// @param time how long it lasts if it is not renewed, more than zero
    /// @param wait how long to wait at most
    /// @throws RpcException ABORTED, reason [#HELD], if another still holds it then; the call's own
    ///   reason if that ends before
    public Lease acquire(String name, Duration time, Duration wait) {
        var end = System.nanoTime() + wait.toNanos();
        for (var pause = FIRST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LAST_PAUSE_MILLIS)) {
            var lease = tryAcquire(name, time);
            if (lease.isPresent()) {
                return lease.get();
            }
            var left = Duration.ofNanos(end - System.nanoTime());
            if (!left.isPositive()) {
                throw held(name);
            }
            pause(name, Math.min(ThreadLocalRandom.current().nextLong(1, pause), left.toMillis()));
        }
    }

    boolean renew(Lease lease, Duration time) {
        return database.plain(db -> store.renew(db, lease.name(), lease.token(), time));
    }

    boolean release(Lease lease) {
        return database.plain(db -> store.release(db, lease.name(), lease.token()));
    }

    void guard(DbExecute db, Lease lease) {
        if (!store.lock(db, lease.name(), lease.token())) {
            throw new RpcException(Code.ABORTED, "the lease \"%s\" is lost".formatted(lease.name()))
                    .withReason(LOST, Map.of("lease", lease.name()));
        }
    }

    private static void pause(String name, long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException _) {
            throw Waits.interrupted(name);
        }
        Task.current().ifPresent(Task::check);
    }

    private static RpcException held(String name) {
        return new RpcException(Code.ABORTED, "another holds the lease \"%s\"".formatted(name))
                .withReason(HELD, Map.of("lease", name))
                .withRetryAfter(Duration.ofMillis(LAST_PAUSE_MILLIS));
    }
}
