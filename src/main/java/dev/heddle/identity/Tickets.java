package dev.heddle.identity;

import dev.heddle.db.Database;
import dev.heddle.identity.v1.Ticket;
import dev.heddle.rpc.Caller;
import dev.heddle.rpc.RpcException;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Tickets: each stands for its buyer once, for a short time, at any replica.
final class Tickets {
    private static final Duration TTL = Duration.ofSeconds(30);

    private final Database database;
    private final Clock clock;
    private final TicketStore store = new TicketStore();

    Tickets(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    Ticket make(Caller caller) {
        var ticket = Secrets.next();
        var expireTime = clock.instant().truncatedTo(ChronoUnit.MILLIS).plus(TTL);
        database.transaction(db -> {
            store.insert(db, Secrets.digest(ticket), caller, expireTime);
            return ticket;
        });
        return Ticket.newBuilder()
                .setTicket(ticket)
                .setExpireTime(Moments.timestamp(expireTime))
                .build();
    }

    Caller take(String ticket) {
        return Optional.of(ticket)
                .filter(text -> Secrets.isSecret(text, ""))
                .flatMap(text ->
                        database.transaction(
                                db -> store.take(db, Secrets.digest(text), clock.instant())))
                .orElseThrow(() ->
                        RpcException.unauthenticated(
                                "TICKET_INVALID",
                                "no such ticket (expected: one that is not used and not older than %d s)"
                                        .formatted(TTL.toSeconds())));
    }

    void sweep() {
        database.transaction(db -> {
            store.deleteExpired(db, clock.instant());
            return Optional.empty();
        });
    }
}
