package dev.heddle.async;

import dev.heddle.db.Row;
import io.helidon.dbclient.DbExecute;
import java.time.Duration;
import java.util.Optional;

/// The table `leases`.
final class LeaseStore {
    /// Takes a lease that nobody holds.
    ///
    /// @return its token
    Optional<Long> acquire(DbExecute db, String name, String holder, Duration time) {
        if (!lockName(db, name)) {
            return Optional.empty();
        }
        // a statement of its own, and so with a later snapshot than that which waited for the lock
        var token =
                db.createNamedGet(
                                "leases.acquire",
                                """
                                INSERT INTO leases AS held (name, token, holder, expire_time)
                                VALUES (:name, nextval('lease_token'), :holder,
                                        clock_timestamp() + :millis * interval '1 ms')
                                ON CONFLICT (name) DO UPDATE
                                SET token = excluded.token, holder = excluded.holder,
                                    expire_time = excluded.expire_time
                                WHERE held.expire_time <= clock_timestamp()
                                RETURNING token
                                """)
                        .addParam("name", name)
                        .addParam("holder", holder)
                        .addParam("millis", time.toMillis())
                        .execute()
                        .map(row -> Row.of(row).integer(1));
        // waits for nobody, so it may come after what others may wait for, and not before
        removeLeftovers(db);
        return token;
    }

    boolean renew(DbExecute db, String name, long token, Duration time) {
        return db.createNamedUpdate(
                                "leases.renew",
                                """
                                UPDATE leases
                                SET expire_time = clock_timestamp() + :millis * interval '1 ms'
                                WHERE name = :name AND token = :token
                                  AND expire_time > clock_timestamp()
                                """)
                        .addParam("millis", time.toMillis())
                        .addParam("name", name)
                        .addParam("token", token)
                        .execute()
                == 1;
    }

    /// Releases a lease.
    ///
    /// @return whether it was still held
    boolean release(DbExecute db, String name, long token) {
        return db.createNamedDelete(
                                "leases.release",
                                """
                                DELETE FROM leases
                                WHERE name = :name AND token = :token
                                  AND expire_time > clock_timestamp()
                                """)
                        .addParam("name", name)
                        .addParam("token", token)
                        .execute()
                == 1;
    }

    /// Keeps a lease from being taken over before the end of the transaction.
    ///
    /// @return whether it is still held
    boolean lock(DbExecute db, String name, long token) {
        return db.createNamedGet(
                        "leases.lock",
                        """
                        SELECT 1 FROM leases
                        WHERE name = :name AND token = :token AND expire_time > clock_timestamp()
                        FOR SHARE
                        """)
                .addParam("name", name)
                .addParam("token", token)
                .execute()
                .isPresent();
    }

    /// Whoever loses here loses to one who takes the lease at this moment.
    private static boolean lockName(DbExecute db, String name) {
        return db.createNamedGet(
                        "leases.lock_name",
                        """
                        SELECT 1
                        WHERE pg_try_advisory_xact_lock(hashtextextended('lease ' || :name, 0))
                        """)
                .addParam("name", name)
                .execute()
                .isPresent();
    }

    private static void removeLeftovers(DbExecute db) {
        var _ =
                db.createNamedDelete(
                                "leases.remove_leftovers",
                                """
                                DELETE FROM leases WHERE name = ANY (ARRAY(
                                  SELECT name FROM leases
                                  WHERE expire_time < clock_timestamp() - interval '1 hour'
                                  LIMIT 10 FOR UPDATE SKIP LOCKED))
                                """)
                        .execute();
    }
}
