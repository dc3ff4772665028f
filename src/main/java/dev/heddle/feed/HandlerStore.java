package dev.heddle.feed;

import dev.heddle.db.Query;
import dev.heddle.db.Row;
import dev.heddle.db.Rows;
import io.helidon.dbclient.DbExecute;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The tables `event_handlers` and `parked_events`.
final class HandlerStore {
    private static final String PARKED =
            "handler, position, topic, type, key, payload, publish_time, error, attempts, park_time";

    /// How far a handler has come.
    ///
    /// @param token the last event that it has done with
    /// @param attempts failures at the next
    /// @param pause how long until that is tried again
    record State(Token token, int attempts, Duration pause) {
        boolean isSame(State other) {
            return token.equals(other.token) && attempts == other.attempts;
        }
    }

    /// Adds a handler, unless it is there.
    void add(DbExecute db, String name, Token token) {
        db.createNamedInsert(
                        "handlers.add",
                        """
                        INSERT INTO event_handlers (name, token) VALUES (:name, :token)
                        ON CONFLICT (name) DO NOTHING
                        """)
                .addParam("name", name)
                .addParam("token", token.toString())
                .execute();
    }

    /// Takes a handler's row for the transaction; empty if another has it.
    Optional<State> take(DbExecute db, String name) {
        return db.createNamedGet(
                        "handlers.take",
                        """
                        SELECT token, attempts,
                               CAST(greatest(0, extract(epoch FROM attempt_time - now()) * 1000)
                                    AS bigint)
                        FROM event_handlers WHERE name = :name FOR UPDATE SKIP LOCKED
                        """)
                .addParam("name", name)
                .execute()
                .map(Row::of)
                .map(row ->
                        new State(
                                Token.parse(row.text(1), "token"),
                                (int) row.integer(2),
                                Duration.ofMillis(row.integer(3))));
    }

    void advance(DbExecute db, String name, Token token) {
        db.createNamedUpdate(
                        "handlers.advance",
                        "UPDATE event_handlers SET token = :token, attempts = 0 WHERE name = :name")
                .addParam("name", name)
                .addParam("token", token.toString())
                .execute();
    }

    void postpone(DbExecute db, String name, int attempts, Duration pause) {
        db.createNamedUpdate(
                        "handlers.postpone",
                        """
                        UPDATE event_handlers
                        SET attempts = :attempts,
                            attempt_time = now() + CAST(:millis AS bigint) * interval '1 millisecond'
                        WHERE name = :name
                        """)
                .addParam("name", name)
                .addParam("attempts", attempts)
                .addParam("millis", pause.toMillis())
                .execute();
    }

    void park(DbExecute db, String name, FeedEvent event, String error, int attempts) {
        db.createNamedInsert(
                        "handlers.park",
                        """
                        INSERT INTO parked_events
                          (handler, position, topic, type, key, payload, publish_time, error,
                           attempts)
                        SELECT :name, seq, topic, type, key, payload, time, :error, :attempts
                        FROM event WHERE seq = :seq
                        """)
                .addParam("name", name)
                .addParam("seq", event.seq())
                .addParam("error", error)
                .addParam("attempts", attempts)
                .execute();
    }

    /// Parked events, oldest first.
    ///
    /// @param handler whose; empty: anybody's
    /// @param position the position that they come behind
    /// @param behind the handler that they come behind, of those at that position
    List<ParkedEvent> parked(
            DbExecute db, String handler, long position, String behind, int limit) {
        var parked = new ArrayList<ParkedEvent>();
        Rows.forEach(
                db,
                new Query(
                        "handlers.parked",
                        """
                        SELECT %s FROM parked_events
                        WHERE (:handler = '' OR handler = :handler)
                          AND (position, handler) > (:position, :behind)
                        ORDER BY position, handler LIMIT :limit
                        """
                                .formatted(PARKED),
                        Map.of(
                                "handler",
                                handler,
                                "position",
                                position,
                                "behind",
                                behind,
                                "limit",
                                limit)),
                row -> parked.add(parked(row)));
        return parked;
    }

    /// A parked event, for the transaction alone.
    Optional<ParkedEvent> lockParked(DbExecute db, String handler, long position) {
        return db.createNamedGet(
                        "handlers.lock_parked",
                        """
                        SELECT %s FROM parked_events
                        WHERE handler = :handler AND position = :position FOR UPDATE
                        """
                                .formatted(PARKED))
                .addParam("handler", handler)
                .addParam("position", position)
                .execute()
                .map(Row::of)
                .map(HandlerStore::parked);
    }

    boolean deleteParked(DbExecute db, String handler, long position) {
        return db.createNamedDelete(
                                "handlers.delete_parked",
                                """
                                DELETE FROM parked_events
                                WHERE handler = :handler AND position = :position
                                """)
                        .addParam("handler", handler)
                        .addParam("position", position)
                        .execute()
                == 1;
    }

    private static ParkedEvent parked(Row row) {
        return new ParkedEvent(
                row.text(1),
                new FeedEvent(
                        row.text(3),
                        row.text(4),
                        row.text(5),
                        row.text(6),
                        row.timestamp(7),
                        Token.of(0, row.integer(2), 0)),
                row.text(8),
                (int) row.integer(9),
                row.timestamp(10));
    }
}
