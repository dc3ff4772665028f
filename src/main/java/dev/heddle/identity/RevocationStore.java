package dev.heddle.identity;

import com.google.protobuf.Timestamp;
import dev.heddle.db.Query;
import dev.heddle.db.Rows;
import dev.heddle.db.Times;
import io.helidon.dbclient.DbExecute;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// The table `revocations`.
final class RevocationStore {
    /// @param expireTime [Instant#MAX] for one that is kept for ever
    void put(DbExecute db, String id, Timestamp revokeTime, Instant expireTime) {
        db.createNamedInsert(
                        "revocations.put",
                        """
                        INSERT INTO revocations (id, revoke_time, expire_time)
                        VALUES (:id, :revoke_time, :expire_time)
                        ON CONFLICT (id) DO UPDATE SET
                          revoke_time = greatest(revocations.revoke_time, excluded.revoke_time),
                          expire_time = greatest(revocations.expire_time, excluded.expire_time)
                        """)
                .addParam("id", id)
                .addParam("revoke_time", Times.parameter(revokeTime))
                .addParam("expire_time", Moments.parameter(expireTime))
                .execute();
    }

    long count(DbExecute db) {
        return Rows.list(
                        db,
                        new Query(
                                "revocations.count", "SELECT count(*) FROM revocations", Map.of()),
                        row -> row.integer(1))
                .getFirst();
    }

    /// Those that hold, with their times.
    Map<String, Instant> all(DbExecute db, Instant now) {
        var all = new HashMap<String, Instant>();
        Rows.forEach(
                db,
                new Query(
                        "revocations.all",
                        "SELECT id, revoke_time FROM revocations WHERE expire_time > :now",
                        Map.of("now", Moments.parameter(now))),
                row -> all.put(row.text(1), Moments.of(row.timestamp(2))));
        return all;
    }

    void deleteExpired(DbExecute db, Instant now) {
        db.createNamedDelete(
                        "revocations.delete_expired",
                        "DELETE FROM revocations WHERE expire_time <= :now")
                .addParam("now", Moments.parameter(now))
                .execute();
    }
}
