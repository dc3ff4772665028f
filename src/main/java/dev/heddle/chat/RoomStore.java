package dev.heddle.chat;

import com.google.protobuf.Timestamp;
import dev.heddle.chat.v1.Message;
import dev.heddle.chat.v1.Room;
import dev.heddle.db.Query;
import dev.heddle.db.Row;
import dev.heddle.db.Rows;
import io.helidon.dbclient.DbExecute;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The tables of rooms and of what is said in them. All times are the database's, so that replicas
/// need not agree.
final class RoomStore {
    private static final String ROOM = "id, title, creator, create_time";

    /// Creates a room; empty if there is one of this id.
    Optional<Room> createRoom(DbExecute db, String id, String title, String creator) {
        return db.createNamedGet(
                        "chat.create_room",
                        """
                        INSERT INTO chat_rooms (id, title, creator) VALUES (:id, :title, :creator)
                        ON CONFLICT DO NOTHING
                        RETURNING %s
                        """
                                .formatted(ROOM))
                .addParam("id", id)
                .addParam("title", title)
                .addParam("creator", creator)
                .execute()
                .map(row -> room(Row.of(row)));
    }

    Optional<Room> room(DbExecute db, String id) {
        return db.createNamedGet("chat.room", "SELECT " + ROOM + " FROM chat_rooms WHERE id = :id")
                .addParam("id", id)
                .execute()
                .map(row -> room(Row.of(row)));
    }

    List<Room> rooms(DbExecute db, String after, int limit) {
        return Rows.list(
                db,
                new Query(
                        "chat.rooms",
                        "SELECT "
                                + ROOM
                                + " FROM chat_rooms WHERE id > :after ORDER BY id LIMIT :limit",
                        Map.of("after", after, "limit", limit)),
                RoomStore::room);
    }

    /// Reads a room that nobody else can change until the transaction ends.
    Optional<Room> lockRoom(DbExecute db, String id) {
        return db.createNamedGet(
                        "chat.lock_room_to_delete",
                        "SELECT " + ROOM + " FROM chat_rooms WHERE id = :id FOR UPDATE")
                .addParam("id", id)
                .execute()
                .map(row -> room(Row.of(row)));
    }

    void deleteRoom(DbExecute db, String id) {
        db.createNamedDelete("chat.delete_room", "DELETE FROM chat_rooms WHERE id = :id")
                .addParam("id", id)
                .execute();
    }

    /// Adds a message, which holds the room as [PresenceStore#lockRoom] does; empty if there is no
    /// such room.
    Optional<Message> addMessage(DbExecute db, String room, String sender, String text) {
        return db.createNamedGet(
                        "chat.add_message",
                        """
                        WITH counted AS (
                          UPDATE chat_rooms SET last_number = last_number + 1 WHERE id = :room
                          RETURNING id, last_number
                        )
                        INSERT INTO chat_messages (room, number, sender, text, create_time)
                        SELECT id, last_number, :sender, :text, clock_timestamp() FROM counted
                        RETURNING room, number, sender, text, create_time
                        """)
                .addParam("room", room)
                .addParam("sender", sender)
                .addParam("text", text)
                .execute()
                .map(row -> message(Row.of(row)));
    }

    Timestamp now(DbExecute db) {
        return db.createNamedGet("chat.now", "SELECT clock_timestamp()")
                .execute()
                .map(row -> Row.of(row).timestamp(1))
                .orElseThrow();
    }

    /// Messages of a room, newest first.
    ///
    /// @param before the number that they come before
    List<Message> newest(DbExecute db, String room, long before, int limit) {
        return Rows.list(
                db,
                new Query(
                        "chat.newest",
                        """
                        SELECT room, number, sender, text, create_time FROM chat_messages
                        WHERE room = :room AND number < :before ORDER BY number DESC LIMIT :limit
                        """,
                        Map.of("room", room, "before", before, "limit", limit)),
                RoomStore::message);
    }

    /// Messages of a room, oldest first.
    ///
    /// @param after the number that they come behind
    List<Message> oldest(DbExecute db, String room, long after, int limit) {
        return Rows.list(
                db,
                new Query(
                        "chat.oldest",
                        """
                        SELECT room, number, sender, text, create_time FROM chat_messages
                        WHERE room = :room AND number > :after ORDER BY number LIMIT :limit
                        """,
                        Map.of("room", room, "after", after, "limit", limit)),
                RoomStore::message);
    }

    private static Room room(Row row) {
        return Room.newBuilder()
                .setId(row.text(1))
                .setTitle(row.text(2))
                .setCreator(row.text(3))
                .setCreateTime(row.timestamp(4))
                .build();
    }

    private static Message message(Row row) {
        return Message.newBuilder()
                .setRoom(row.text(1))
                .setNumber(row.integer(2))
                .setSender(row.text(3))
                .setText(row.text(4))
                .setCreateTime(row.timestamp(5))
                .build();
    }
}
