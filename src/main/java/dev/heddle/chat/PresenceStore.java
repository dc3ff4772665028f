package dev.heddle.chat;

import dev.heddle.chat.v1.Member;
import dev.heddle.db.Query;
import dev.heddle.db.Row;
import dev.heddle.db.Rows;
import io.helidon.dbclient.DbExecute;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The tables of sessions and of the rooms that they are in. All times are the database's, so that
/// replicas need not agree.
final class PresenceStore {
    private static final String LEASE_END =
            "clock_timestamp() + CAST(:lease AS bigint) * interval '1 millisecond'";
    private static final int SWEPT_AT_ONCE = 1000;

    /// Somebody who is in a room.
    record Present(String room, Member member) {}

    /// Holds a room until the end of the transaction, so that what is published in it has the order
    /// of what is written.
    ///
    /// @return whether it is there
    boolean lockRoom(DbExecute db, String id) {
        return db.createNamedGet(
                        "chat.lock_room",
                        "SELECT id FROM chat_rooms WHERE id = :id FOR NO KEY UPDATE")
                .addParam("id", id)
                .execute()
                .isPresent();
    }

    List<Member> members(DbExecute db, String room) {
        return Rows.list(
                db,
                new Query(
                        "chat.members",
                        """
                        SELECT person, min(join_time) FROM chat_presence
                        WHERE room = :room GROUP BY person ORDER BY person
                        """,
                        Map.of("room", room)),
                row -> member(row, 1));
    }

    boolean isPresent(DbExecute db, String room, String person) {
        return db.createNamedGet(
                        "chat.is_present",
                        """
                        SELECT person FROM chat_presence
                        WHERE room = :room AND person = :person LIMIT 1
                        """)
                .addParam("room", room)
                .addParam("person", person)
                .execute()
                .isPresent();
    }

    /// Writes the lease of a session anew.
    void lease(DbExecute db, UUID session, String person, Duration lease) {
        db.createNamedInsert(
                        "chat.lease",
                        """
                        INSERT INTO chat_sessions (id, person, expire_time)
                        VALUES (CAST(:id AS uuid), :person, %s)
                        ON CONFLICT (id) DO UPDATE SET expire_time = excluded.expire_time
                        """
                                .formatted(LEASE_END))
                .addParam("id", session.toString())
                .addParam("person", person)
                .addParam("lease", lease.toMillis())
                .execute();
    }

    /// Puts a session into a room; empty if it is there.
    Optional<Member> addPresence(DbExecute db, String room, UUID session, String person) {
        return db.createNamedGet(
                        "chat.add_presence",
                        """
                        INSERT INTO chat_presence (room, person, session, join_time)
                        VALUES (:room, :person, CAST(:session AS uuid), clock_timestamp())
                        ON CONFLICT DO NOTHING
                        RETURNING person, join_time
                        """)
                .addParam("room", room)
                .addParam("person", person)
                .addParam("session", session.toString())
                .execute()
                .map(row -> member(Row.of(row), 1));
    }

    /// Takes a session out of a room; empty if it is not there.
    Optional<Member> removePresence(DbExecute db, String room, UUID session) {
        return db.createNamedGet(
                        "chat.remove_presence",
                        """
                        DELETE FROM chat_presence
                        WHERE room = :room AND session = CAST(:session AS uuid)
                        RETURNING person, join_time
                        """)
                .addParam("room", room)
                .addParam("session", session.toString())
                .execute()
                .map(row -> member(Row.of(row), 1));
    }

    /// Renews leases.
    ///
    /// @return in how many rooms each of the sessions is whose lease there still was
    Map<UUID, Long> renew(DbExecute db, Collection<UUID> sessions, Duration lease) {
        var renewed = new HashMap<UUID, Long>();
        try (var rows =
                db.createNamedQuery(
                                "chat.renew",
                                """
                                UPDATE chat_sessions SET expire_time = %s
                                WHERE id = ANY (CAST(:ids AS uuid[]))
                                RETURNING id, (SELECT count(*) FROM chat_presence
                                               WHERE session = chat_sessions.id)
                                """
                                        .formatted(LEASE_END))
                        .addParam("lease", lease.toMillis())
                        .addParam(
                                "ids", sessions.stream().map(UUID::toString).toArray(String[]::new))
                        .execute()) {
            rows.map(Row::of)
                    .forEach(row -> renewed.put(UUID.fromString(row.text(1)), row.integer(2)));
        }
        return renewed;
    }

    /// Some of the sessions whose lease has ended.
    List<UUID> expired(DbExecute db) {
        return Rows.list(
                db,
                new Query(
                        "chat.expired",
                        "SELECT id FROM chat_sessions WHERE expire_time < clock_timestamp() LIMIT :limit",
                        Map.of("limit", SWEPT_AT_ONCE)),
                row -> UUID.fromString(row.text(1)));
    }

    /// Holds the rooms that a session is in, always in the same order, so that two never wait for
    /// each other.
    void lockRoomsOf(DbExecute db, UUID session) {
        Rows.list(
                db,
                new Query(
                        "chat.lock_rooms",
                        """
                        SELECT id FROM chat_rooms
                        WHERE id IN (SELECT room FROM chat_presence WHERE session = CAST(:session AS uuid))
                        ORDER BY id FOR NO KEY UPDATE
                        """,
                        Map.of("session", session.toString())),
                row -> row.text(1));
    }

    boolean deleteSession(DbExecute db, UUID session) {
        return db.createNamedDelete(
                                "chat.delete_session",
                                "DELETE FROM chat_sessions WHERE id = CAST(:id AS uuid)")
                        .addParam("id", session.toString())
                        .execute()
                == 1;
    }

    /// Deletes a session unless its lease was renewed.
    boolean deleteExpiredSession(DbExecute db, UUID session) {
        return db.createNamedDelete(
                                "chat.delete_expired_session",
                                """
                                DELETE FROM chat_sessions
                                WHERE id = CAST(:id AS uuid) AND expire_time < clock_timestamp()
                                """)
                        .addParam("id", session.toString())
                        .execute()
                == 1;
    }

    /// Takes a session out of all rooms.
    List<Present> removePresences(DbExecute db, UUID session) {
        return Rows.list(
                db,
                new Query(
                        "chat.remove_presences",
                        """
                        DELETE FROM chat_presence WHERE session = CAST(:session AS uuid)
                        RETURNING room, person, join_time
                        """,
                        Map.of("session", session.toString())),
                row -> new Present(row.text(1), member(row, 2)));
    }

    private static Member member(Row row, int first) {
        return Member.newBuilder()
                .setPerson(row.text(first))
                .setJoinTime(row.timestamp(first + 1))
                .build();
    }
}
