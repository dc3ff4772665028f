package dev.heddle.identity;

import dev.heddle.db.Row;
import dev.heddle.rpc.Caller;
import dev.heddle.rpc.Grant;
import dev.heddle.security.Scopes;
import io.helidon.dbclient.DbExecute;
import java.time.Instant;
import java.util.Optional;

/// The table `tickets`.
final class TicketStore {
    void insert(DbExecute db, byte[] digest, Caller caller, Instant expireTime) {
        db.createNamedInsert(
                        "tickets.insert",
                        """
                        INSERT INTO tickets (digest, subject, scopes, grant_id, grant_issue_time,
                                             grant_expire_time, expire_time)
                        VALUES (:digest, :subject, :scopes, :grant_id, :grant_issue_time,
                                :grant_expire_time, :expire_time)
                        """)
                .addParam("digest", digest)
                .addParam("subject", caller.subject())
                .addParam("scopes", Scopes.format(caller.scopes()))
                .addParam("grant_id", caller.grant().id())
                .addParam("grant_issue_time", Moments.parameter(caller.grant().issueTime()))
                .addParam("grant_expire_time", Moments.parameter(caller.grant().expireTime()))
                .addParam("expire_time", Moments.parameter(expireTime))
                .execute();
    }

    /// Takes a ticket out: of several who try at once, one gets it.
    Optional<Caller> take(DbExecute db, byte[] digest, Instant now) {
        return db.createNamedGet(
                        "tickets.take",
                        """
                        DELETE FROM tickets WHERE digest = :digest AND expire_time > :now
                        RETURNING subject, scopes, grant_id, %s, %s
                        """
                                .formatted(
                                        Moments.column("grant_issue_time"),
                                        Moments.column("grant_expire_time")))
                .addParam("digest", digest)
                .addParam("now", Moments.parameter(now))
                .execute()
                .map(row -> caller(Row.of(row)));
    }

    void deleteExpired(DbExecute db, Instant now) {
        db.createNamedDelete(
                        "tickets.delete_expired", "DELETE FROM tickets WHERE expire_time <= :now")
                .addParam("now", Moments.parameter(now))
                .execute();
    }

    private static Caller caller(Row row) {
        return new Caller(
                row.text(1),
                Scopes.parse(row.text(2)),
                new Grant(row.text(3), Moments.of(row.timestamp(4)), Moments.of(row.timestamp(5))));
    }
}
