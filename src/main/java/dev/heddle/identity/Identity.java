package dev.heddle.identity;

import dev.heddle.db.Database;
import dev.heddle.db.Housekeeping;
import dev.heddle.feed.Feed;
import dev.heddle.rpc.Caller;
import dev.heddle.security.Revocations;
import java.time.Clock;
import java.time.Duration;

/// What the gateway knows of its own credentials, for who verifies them and for the
/// [IdentityService].
public final class Identity implements AutoCloseable {
    private static final Duration SWEEP = Duration.ofMinutes(1);

    private final ApiKeys keys;
    private final Tickets tickets;
    private final RevocationLog log;
    private final Housekeeping sweep;

    /// Opens it, with all that was revoked before.
    public Identity(
            Database database,
            Feed feed,
            Revocations revocations,
            IdentitySettings settings,
            Clock clock) {
        this.log = new RevocationLog(database, feed, revocations, settings, clock);
        this.keys = new ApiKeys(database, log, clock);
        this.tickets = new Tickets(database, clock);
        log.load();
        this.sweep =
                new Housekeeping(
                        "identity-sweep",
                        SWEEP,
                        () -> {
                            tickets.sweep();
                            log.sweep();
                        });
        sweep.start();
    }

    /// Takes up what other replicas revoke.
    ///
    /// @param onChange is run after each change; it must not wait
    public void follow(Runnable onChange) throws InterruptedException {
        log.follow(onChange);
    }

    /// Who holds an API key.
    ///
    /// @throws dev.heddle.rpc.RpcException UNAUTHENTICATED for one that nobody holds
    public Caller byKey(String key) {
        return keys.authenticate(key);
    }

    /// Who bought a ticket, which is used up by it.
    ///
    /// @throws dev.heddle.rpc.RpcException UNAUTHENTICATED for one that there is not, or not any
    ///   more
    public Caller byTicket(String ticket) {
        return tickets.take(ticket);
    }

    ApiKeys keys() {
        return keys;
    }

    Tickets tickets() {
        return tickets;
    }

    RevocationLog log() {
        return log;
    }

    @Override
    public void close() {
        sweep.close();
        log.close();
    }
}
