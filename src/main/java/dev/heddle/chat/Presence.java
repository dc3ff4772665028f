package dev.heddle.chat;

import dev.heddle.chat.v1.Member;
import dev.heddle.db.Database;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import io.helidon.dbclient.DbExecute;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Who is in which room, over all replicas. A session is there for as long as its replica renews
/// its lease, which takes one statement for all of its sessions; any replica removes those that
/// were not renewed. So a crash leaves nobody behind for longer than [Settings#sessionLease] and a
/// third.
///
/// A person with several sessions in a room comes with the first and goes with the last.
final class Presence implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(Presence.class.getName());
    private static final int TURNS_OF_LEASE = 3;
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final Database database;
    private final PresenceStore store;
    private final ChatEvents events;
    private final Duration lease;
    private final Duration interval;
    private final Map<UUID, Membership> memberships = new ConcurrentHashMap<>();
    private final ScheduledExecutorService schedule =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofVirtual().name("heddle-chat-presence").factory());

    Presence(Database database, PresenceStore store, ChatEvents events, Duration lease) {
        this.database = database;
        this.store = store;
        this.events = events;
        this.lease = lease;
        this.interval = lease.dividedBy(TURNS_OF_LEASE);
    }

    void start() {
        var _ =
                schedule.scheduleWithFixedDelay(
                        this::turn, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// Brings a session into a room.
    ///
    /// @throws RpcException NOT_FOUND, reason `ROOM_NOT_FOUND`
    void join(Membership membership, String room) {
        membership.lock().lock();
        try {
            // first, so that it is looked after even if nobody knows whether this is committed
            memberships.put(membership.session(), membership);
            var _ = database.transaction(db -> enter(db, membership, room));
            membership.rooms().add(room);
        } finally {
            membership.lock().unlock();
        }
    }

    void leave(Membership membership, String room) {
        membership.lock().lock();
        try {
            var _ =
                    database.transaction(db -> {
                        var isThere = store.lockRoom(db, room);
                        store.removePresence(db, room, membership.session())
                                .ifPresent(member -> goneFrom(db, room, member));
                        return isThere;
                    });
            membership.rooms().remove(room);
        } finally {
            membership.lock().unlock();
        }
    }

    /// Takes a session out of all rooms, also where its call was cancelled; if there is no database
    /// to do it now, its lease ends by itself.
    void end(Membership membership) {
        if (memberships.remove(membership.session()) == null) {
            return;
        }
        membership.lock().lock();
        try {
            membership.rooms().clear();
        } finally {
            membership.lock().unlock();
        }
        // On a thread that serves no call, because statements of a cancelled call are cancelled.
        CompletableFuture.runAsync(
                        () -> remove(membership.session()), task -> Thread.startVirtualThread(task))
                .join();
    }

    /// A room that is no more has nobody in it.
    void forget(Membership membership, String room) {
        membership.rooms().remove(room);
    }

    private void remove(UUID session) {
        try {
            database.transaction(db -> {
                store.lockRoomsOf(db, session);
                return store.deleteSession(db, session) && gone(db, session);
            });
        } catch (RpcException e) {
            LOGGER.log(Level.DEBUG, "a session is left to the end of its lease", e);
        }
    }

    private DbExecute enter(DbExecute db, Membership membership, String room) {
        if (!store.lockRoom(db, room)) {
            throw Rooms.notFound(room);
        }
        var person = membership.person();
        store.lease(db, membership.session(), person, lease);
        var isThere = store.isPresent(db, room, person);
        var added = store.addPresence(db, room, membership.session(), person);
        if (!isThere) {
            added.ifPresent(member -> events.joined(room, member));
        }
        return db;
    }

    private boolean gone(DbExecute db, UUID session) {
        store.removePresences(db, session)
                .forEach(present -> goneFrom(db, present.room(), present.member()));
        return true;
    }

    /// A session has gone from a room; its person has if it was the last. The room is held, so that
    /// nobody can come in between.
    private void goneFrom(DbExecute db, String room, Member member) {
        if (!store.isPresent(db, room, member.getPerson())) {
            events.left(room, member);
        }
    }

    private void turn() {
        try {
            renew();
            sweep();
        } catch (RpcException e) {
            // Such as: no database just now. Sessions that were swept meanwhile are put back.
            LOGGER.log(Level.DEBUG, "no upkeep of presence", e);
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "the upkeep of presence failed", e);
        }
    }

    private void renew() {
        if (memberships.isEmpty()) {
            return;
        }
        var sessions = List.copyOf(memberships.keySet());
        var renewed = database.plain(db -> store.renew(db, sessions, lease));
        for (var membership : memberships.values()) {
            var rooms = renewed.getOrDefault(membership.session(), 0L);
            if (rooms < membership.rooms().size()) {
                restore(membership);
            }
        }
    }

    /// Puts a session back into rooms that it was swept from while its replica could not renew it.
    /// If it comes or goes at this very moment, the next turn looks again.
    private void restore(Membership membership) {
        if (!membership.lock().tryLock()) {
            return;
        }
        try {
            for (var room : membership.rooms()) {
                restore(membership, room);
            }
        } finally {
            membership.lock().unlock();
        }
    }

    private void restore(Membership membership, String room) {
        try {
            var _ = database.transaction(db -> enter(db, membership, room));
        } catch (RpcException e) {
            if (e.code() != Code.NOT_FOUND) {
                throw e;
            }
            forget(membership, room);
        }
    }

    /// Removes sessions whose lease has ended: for no longer than there is until leases are to be
    /// renewed again.
    private void sweep() {
        var end = System.nanoTime() + interval.toNanos();
        for (var session : database.plain(store::expired)) {
            if (System.nanoTime() > end) {
                return;
            }
            database.transaction(db -> {
                store.lockRoomsOf(db, session);
                return store.deleteExpiredSession(db, session) && gone(db, session);
            });
        }
    }

    /// Lets a turn that runs come to its end: an interrupt would break its connection.
    @Override
    public void close() {
        schedule.shutdown();
        try {
            if (!schedule.awaitTermination(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOGGER.log(Level.WARNING, "the upkeep of presence goes on");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
