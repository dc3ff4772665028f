package dev.heddle.async;

import dev.heddle.rpc.RpcException;
import io.helidon.dbclient.DbExecute;
import java.time.Duration;

/// The right to do what only one may do at a time, for a time.
///
/// Its holder may lose it unawares: a process can stand still for longer than any lease lasts. So
/// what it guards must be able to tell a holder who has been overtaken: by [#guard] within a
/// transaction of the same database, elsewhere by the token, which is larger for each later holder.
public final class Lease {
    private final Leases leases;
    private final String name;
    private final long token;

    Lease(Leases leases, String name, long token) {
        this.leases = leases;
        this.name = name;
        this.token = token;
    }

    public String name() {
        return name;
    }

    /// The fencing token: larger than that of any holder before. A store that remembers the largest
    /// it has seen, and refuses any smaller, is safe from holders who have been overtaken.
    public long token() {
        return token;
    }

    /// Prolongs the lease, to a time from now.
    ///
    /// @return false if it has expired or been taken over, and so is lost
    public boolean renew(Duration time) {
        return leases.renew(this, time);
    }

    /// Gives the lease back, if it is still this one.
    ///
    /// @return false if it had been lost
    public boolean release() {
        return leases.release(this);
    }

    /// Lets a transaction commit only under this lease: nobody can take it over before that.
    ///
    /// @param db of the transaction
    /// @throws RpcException ABORTED, reason [Leases#LOST], if it has expired or been taken over
    public void guard(DbExecute db) {
        leases.guard(db, this);
    }
}
