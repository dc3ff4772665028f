package dev.heddle.identity;

import com.google.protobuf.Timestamp;
import dev.heddle.db.Database;
import dev.heddle.db.Times;
import dev.heddle.feed.Cursor;
import dev.heddle.feed.Feed;
import dev.heddle.feed.FeedEvent;
import dev.heddle.feed.NewEvent;
import dev.heddle.feed.Next;
import dev.heddle.feed.Payloads;
import dev.heddle.feed.Selection;
import dev.heddle.feed.Start;
import dev.heddle.feed.Topics;
import dev.heddle.identity.v1.Revocation;
import dev.heddle.rpc.RpcException;
import dev.heddle.security.Revocations;
import io.grpc.Status.Code;
import io.helidon.dbclient.DbExecute;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What was revoked: kept in the database, told by the feed, and known to each replica in memory. A
/// thread of its own follows the feed; while it can't, new revocations can't be made either, since
/// both need the database.
final class RevocationLog implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(RevocationLog.class.getName());
    private static final String TOPIC = "identity";
    private static final String REVOKED = "identity.revoked";
    private static final String NAME = "heddle-revocations";
    private static final Duration PULSE = Duration.ofMinutes(10);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Database database;
    private final Feed feed;
    private final Revocations revocations;
    private final IdentitySettings settings;
    private final Clock clock;
    private final RevocationStore store = new RevocationStore();
    private final ApiKeyStore keys = new ApiKeyStore();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Runnable onChange = () -> {};
    private Optional<Cursor> cursor = Optional.empty();
    private Optional<Thread> thread = Optional.empty();

    RevocationLog(
            Database database,
            Feed feed,
            Revocations revocations,
            IdentitySettings settings,
            Clock clock) {
        this.database = database;
        this.feed = feed;
        this.revocations = revocations;
        this.settings = settings;
        this.clock = clock;
    }

    /// Revokes a token.
    ///
    /// @param jti its id
    void revokeToken(String jti) {
        revoke(Revocations.ofToken(jti), Optional.of(settings.retention()), Optional.empty());
    }

    /// Revokes all that a subject holds. That is remembered for ever: certificates live long.
    void revokeSubject(String subject) {
        revoke(Revocations.ofSubject(subject), Optional.empty(), Optional.of(subject));
    }

    private void revoke(String id, Optional<Duration> retention, Optional<String> holder) {
        var time = Times.now(clock);
        database.transaction(db -> {
            checkBound(db);
            holder.ifPresent(subject -> keys.revokeAll(db, subject, time));
            add(db, id, time, retention);
            return time;
        });
        apply(id, time);
    }

    /// Revokes something in a transaction of the caller's.
    ///
    /// @param retention how long it is remembered
    void add(DbExecute db, String id, Timestamp time, Duration retention) {
        add(db, id, time, Optional.of(retention));
    }

    private void add(DbExecute db, String id, Timestamp time, Optional<Duration> retention) {
        store.put(db, id, time, retention.map(clock.instant()::plus).orElse(Instant.MAX));
        var event = Revocation.newBuilder().setId(id).setRevokeTime(time);
        feed.publish(new NewEvent(TOPIC, REVOKED, id, Payloads.of(event)));
    }

    /// Has this replica know at once.
    void apply(String id, Timestamp time) {
        revocations.add(id, Moments.of(time));
        onChange.run();
    }

    /// Reads all that holds.
    void load() {
        revocations.replace(database.plain(db -> store.all(db, clock.instant())));
    }

    void sweep() {
        database.transaction(db -> {
            store.deleteExpired(db, clock.instant());
            return Optional.empty();
        });
    }

    void follow(Runnable action) throws InterruptedException {
        onChange = action;
        var opened = feed.open(Selection.of(Topics.of(TOPIC)), new Start.Now(), NAME);
        cursor = Optional.of(opened);
        // what came between the first reading and the cursor
        load();
        thread = Optional.of(Thread.ofVirtual().name(NAME).start(() -> run(opened)));
    }

    private void run(Cursor opened) {
        try {
            while (closing.getCount() > 0) {
                read(opened);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted (expected: closed)", e);
        }
    }

    private void read(Cursor opened) throws InterruptedException {
        try {
            switch (opened.next(PULSE)) {
                case Next.Events(var events) -> events.forEach(this::take);
                // the second time to forget what has expired
                case Next.Reset _, Next.Nothing _ -> {
                    load();
                    onChange.run();
                }
                case Next.Stopping _ -> {}
            }
        } catch (RuntimeException e) {
            // whatever it is: all who call depend on this thread
            LOGGER.log(Level.WARNING, "revocations can't be followed", e);
            var _ = closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void take(FeedEvent event) {
        var revocation = Payloads.read(event.payload(), Revocation.newBuilder());
        apply(revocation.getId(), revocation.getRevokeTime());
    }

    private void checkBound(DbExecute db) {
        if (store.count(db) >= settings.maxRevocations()) {
            throw new RpcException(
                            Code.RESOURCE_EXHAUSTED,
                            "%d revocations (expected: at most as many, security.max-revocations)"
                                    .formatted(settings.maxRevocations()))
                    .withReason("TOO_MANY_REVOCATIONS");
        }
    }

    @Override
    public void close() {
        closing.countDown();
        cursor.ifPresent(Cursor::stop);
        try {
            if (thread.isPresent()) {
                thread.get().join();
            }
        } catch (InterruptedException _) {
            // it ends by itself, and at once
            Thread.currentThread().interrupt();
        }
        cursor.ifPresent(Cursor::close);
    }
}
