package dev.heddle.feed;

import dev.heddle.db.Query;
import dev.heddle.db.Row;
import dev.heddle.db.Rows;
import io.helidon.dbclient.DbExecute;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The tables of the feed, and the functions of `V3__feed.sql`.
final class FeedStore {
    /// The columns that [#event] reads.
    static final String EVENT = "seq, topic, type, key, payload, time, tag";

    private static final int FOUND = 8;

    /// The ends of the log.
    ///
    /// @param last the last event
    /// @param floor the place behind which the first event is that is still there
    record Ends(Token last, Token floor) {}

    /// Some of the events behind a place.
    ///
    /// @param events the first of them
    /// @param isComplete whether they are all that there were
    record Page(List<FeedEvent> events, boolean isComplete) {}

    void insert(DbExecute db, List<NewEvent> events) {
        if (events.size() == 1) {
            insert(db, events.getFirst());
            return;
        }
        db.createNamedInsert(
                        "feed.publish_many",
                        """
                        INSERT INTO outbox (topic, type, key, payload)
                        SELECT topic, type, key, CAST(payload AS json)
                        FROM unnest(CAST(:topics AS text[]), CAST(:types AS text[]),
                                    CAST(:keys AS text[]), CAST(:payloads AS text[]))
                             WITH ORDINALITY AS new (topic, type, key, payload, ordinal)
                        ORDER BY ordinal
                        """)
                .addParam("topics", texts(events, NewEvent::topic))
                .addParam("types", texts(events, NewEvent::type))
                .addParam("keys", texts(events, NewEvent::key))
                .addParam("payloads", texts(events, NewEvent::payload))
                .execute();
    }

    private static void insert(DbExecute db, NewEvent event) {
        db.createNamedInsert(
                        "feed.publish",
                        """
                        INSERT INTO outbox (topic, type, key, payload)
                        VALUES (:topic, :type, :key, CAST(:payload AS json))
                        """)
                .addParam("topic", event.topic())
                .addParam("type", event.type())
                .addParam("key", event.key())
                .addParam("payload", event.payload())
                .execute();
    }

    /// Sequences what was committed.
    ///
    /// @param replica who does it, for the notification of the others
    /// @param tag random, for the events that it sequences
    /// @param known the last event that the caller knows
    /// @param maxBytes how much it takes at once, roughly
    /// @return the events, if they follow what the caller knows and are not too much for it; else,
    ///   or where there were none, nothing
    List<FeedEvent> sequence(DbExecute db, String replica, long tag, Token known, int maxBytes) {
        return events(
                db,
                "feed.sequence",
                "SELECT * FROM feed_sequence(:replica, :tag, :known_term, :known_seq, :known_tag, :max_bytes)",
                Map.of(
                        "replica",
                        replica,
                        "tag",
                        tag,
                        "known_term",
                        known.term(),
                        "known_seq",
                        known.seq(),
                        "known_tag",
                        known.tag(),
                        "max_bytes",
                        maxBytes),
                known.term());
    }

    /// The events behind a place: none where that is not a place of the log.
    ///
    /// @param span from there
    Page after(DbExecute db, Token place, Span span) {
        return page(
                db,
                "feed.tail",
                """
                SELECT %s, size FROM event
                WHERE seq > :after AND seq <= :to
                  AND EXISTS (SELECT FROM feed_head WHERE term = :term)
                  AND (EXISTS (SELECT FROM event WHERE seq = :after AND tag = :tag)
                       OR EXISTS (SELECT FROM feed_head
                                  WHERE floor - 1 = :after AND floor_tag = :tag))
                ORDER BY seq LIMIT :limit
                """
                        .formatted(EVENT),
                Map.of("term", place.term(), "tag", place.tag()),
                span);
    }

    /// Events of topics by name.
    Page byName(DbExecute db, Topics topics, Span span) {
        return page(
                db,
                "feed.read",
                """
                SELECT behind.* FROM unnest(CAST(:names AS text[])) AS name
                CROSS JOIN LATERAL (
                  SELECT %s, size FROM event
                  WHERE topic = name AND seq > :after AND seq <= :to ORDER BY seq LIMIT :limit
                ) AS behind
                ORDER BY seq LIMIT :limit
                """
                        .formatted(EVENT),
                Map.of("names", names(topics)),
                span);
    }

    /// Events of topics by name and by pattern, which looks at every event of the span.
    Page byPattern(DbExecute db, Topics topics, Span span) {
        return page(
                db,
                "feed.scan",
                """
                SELECT %s, size FROM event
                WHERE seq > :after AND seq <= :to
                  AND (topic = ANY (CAST(:names AS text[]))
                       OR EXISTS (SELECT FROM unnest(CAST(:prefixes AS text[])) AS prefix
                                  WHERE starts_with(topic, prefix)))
                ORDER BY seq LIMIT :limit
                """
                        .formatted(EVENT),
                Map.of("names", names(topics), "prefixes", prefixes(topics)),
                span);
    }

    /// A stretch of the log.
    ///
    /// @param after the position that it begins behind
    /// @param to its last position
    /// @param limit how many events of it to read at most
    /// @param maxBytes how long their payloads may be together; one is read in any case
    record Span(long after, long to, int limit, long maxBytes, int term) {}

    private static Page page(
            DbExecute db, String name, String sql, Map<String, Object> parameters, Span span) {
        var all = new HashMap<>(parameters);
        all.put("after", span.after());
        all.put("to", span.to());
        all.put("limit", span.limit());
        all.put("max_bytes", span.maxBytes());
        var events = new ArrayList<FeedEvent>();
        var found = new long[1];
        var bounded =
                """
                SELECT %s, found FROM (
                  SELECT *, count(*) OVER () AS found,
                         sum(size) OVER (ORDER BY seq) - size AS bytes_before
                  FROM (%s) AS selected
                ) AS measured
                WHERE bytes_before <= :max_bytes ORDER BY seq
                """
                        .formatted(EVENT, sql);
        Rows.forEach(
                db,
                new Query(name, bounded, all),
                row -> {
                    events.add(event(row, span.term()));
                    found[0] = row.integer(FOUND);
                });
        return new Page(events, events.size() == found[0] && found[0] < span.limit());
    }

    /// The position behind which there are so many events of topics.
    long beforeLast(DbExecute db, Topics topics, int count) {
        return db.createNamedGet(
                        "feed.last",
                        """
                        SELECT coalesce(min(seq), (SELECT seq + 1 FROM feed_head)) - 1 FROM (
                          SELECT last.seq FROM (
                            SELECT topic FROM unnest(CAST(:names AS text[])) AS name (topic)
                            UNION
                            SELECT topic FROM (%s) AS known
                            WHERE EXISTS (SELECT FROM unnest(CAST(:prefixes AS text[])) AS prefix
                                          WHERE starts_with(topic, prefix))
                          ) AS wanted
                          CROSS JOIN LATERAL (
                            SELECT seq FROM event WHERE event.topic = wanted.topic
                            ORDER BY seq DESC LIMIT :count
                          ) AS last
                          ORDER BY seq DESC LIMIT :count
                        ) AS lasts
                        """
                                .formatted(ALL_TOPICS))
                .addParam("names", names(topics))
                .addParam("prefixes", prefixes(topics))
                .addParam("count", count)
                .execute()
                .map(row -> Row.of(row).integer(1))
                .orElseThrow();
    }

    /// The position of the last event of topics by name; 0 where there is none.
    long lastPosition(DbExecute db, Topics topics) {
        return db.createNamedGet(
                        "feed.last_position",
                        """
                        SELECT coalesce(max(last.seq), 0)
                        FROM unnest(CAST(:names AS text[])) AS name
                        CROSS JOIN LATERAL (
                          SELECT seq FROM event WHERE topic = name ORDER BY seq DESC LIMIT 1
                        ) AS last
                        """)
                .addParam("names", names(topics))
                .execute()
                .map(row -> Row.of(row).integer(1))
                .orElseThrow();
    }

    /// Each topic in turn from the index, past all the events of the one before.
    private static final String ALL_TOPICS =
            """
            WITH RECURSIVE walk (topic) AS (
              (SELECT topic FROM event ORDER BY topic LIMIT 1)
              UNION ALL
              SELECT (SELECT event.topic FROM event WHERE event.topic > walk.topic
                      ORDER BY event.topic LIMIT 1)
              FROM walk WHERE walk.topic IS NOT NULL
            )
            SELECT topic FROM walk WHERE topic IS NOT NULL
            """;

    Ends ends(DbExecute db) {
        return db.createNamedGet(
                        "feed.ends",
                        """
                        SELECT term, seq, tag, floor - 1, floor_tag FROM feed_head
                        """)
                .execute()
                .map(Row::of)
                .map(row -> {
                    var term = (int) row.integer(1);
                    return new Ends(
                            Token.of(term, row.integer(2), row.integer(3)),
                            Token.of(term, row.integer(4), row.integer(5)));
                })
                .orElseThrow();
    }

    /// The place at a position, as far as the log knows it.
    Optional<Token> at(DbExecute db, long seq) {
        return db.createNamedGet(
                        "feed.at",
                        """
                        SELECT head.term, CASE WHEN head.floor - 1 = :seq THEN head.floor_tag
                                               ELSE event.tag END
                        FROM feed_head AS head LEFT JOIN event ON event.seq = :seq
                        WHERE event.seq IS NOT NULL OR head.floor - 1 = :seq
                        """)
                .addParam("seq", seq)
                .execute()
                .map(Row::of)
                .map(row -> Token.of((int) row.integer(1), seq, row.integer(2)));
    }

    /// The snapshot of the database that the current transaction sees, as text.
    String snapshot(DbExecute db) {
        return db.createNamedGet("feed.snapshot", "SELECT CAST(pg_current_snapshot() AS text)")
                .execute()
                .map(row -> Row.of(row).text(1))
                .orElseThrow();
    }

    /// The events behind a position that were published by transactions that a snapshot sees. The
    /// position is the last that the snapshot sees, so they were all sequenced at the next time.
    List<Long> seenBy(DbExecute db, String snapshot, Topics topics, long after, int limit) {
        var seen = new ArrayList<Long>();
        Rows.forEach(
                db,
                new Query(
                        "feed.seen",
                        """
                        SELECT seq FROM event
                        WHERE seq > :after
                          AND seq < coalesce((
                            SELECT later.seq FROM event AS first, event AS later
                            WHERE first.seq = :after + 1 AND later.seq > :after
                              AND later.tag <> first.tag
                            ORDER BY later.seq LIMIT 1), 9223372036854775807)
                          AND pg_visible_in_snapshot(xid, CAST(:snapshot AS pg_snapshot))
                          AND (topic = ANY (CAST(:names AS text[]))
                               OR EXISTS (SELECT FROM unnest(CAST(:prefixes AS text[])) AS prefix
                                          WHERE starts_with(topic, prefix)))
                        ORDER BY seq LIMIT :limit
                        """,
                        Map.of(
                                "after",
                                after,
                                "snapshot",
                                snapshot,
                                "names",
                                names(topics),
                                "prefixes",
                                prefixes(topics),
                                "limit",
                                limit)),
                row -> seen.add(row.integer(1)));
        return seen;
    }

    /// Takes the feed over where the database has moved to another cluster.
    ///
    /// @return the term
    int adopt(DbExecute db, long tag) {
        return db.createNamedGet("feed.adopt", "SELECT feed_adopt(:tag)")
                .addParam("tag", tag)
                .execute()
                .map(row -> (int) Row.of(row).integer(1))
                .orElseThrow();
    }

    /// Makes room in the log for what waits to be sequenced and so much more.
    void extend(DbExecute db, long partitionSize, long room) {
        run(
                db,
                "feed.extend",
                """
                SELECT feed_extend(:size, :room + (
                  SELECT count(*) FROM outbox, feed_head
                  WHERE NOT pg_visible_in_snapshot(outbox.xid, feed_head.snap)))
                """,
                Map.of("size", partitionSize, "room", room));
    }

    /// The same where no more waits to be sequenced than there is room for.
    void extendAhead(DbExecute db, long partitionSize, long room) {
        run(
                db,
                "feed.extend",
                "SELECT feed_extend(:size, :room)",
                Map.of("size", partitionSize, "room", room));
    }

    /// Drops the oldest partition of the log, if all of it is older than this.
    ///
    /// @return whether it was dropped
    boolean retire(DbExecute db, Duration retention) {
        return db.createNamedGet(
                        "feed.retire",
                        "SELECT CAST(feed_retire(now() - CAST(:millis AS bigint) * interval '1 millisecond') AS int)")
                .addParam("millis", retention.toMillis())
                .execute()
                .map(row -> Row.of(row).integer(1) == 1)
                .orElseThrow();
    }

    /// Readies the log for a replica that begins, or begins again after a failure: makes room in
    /// it, and takes it over where the database has moved.
    Ends takeOver(DbExecute db, long partitionSize, long tag) {
        extend(db, partitionSize, partitionSize);
        adopt(db, tag);
        return ends(db);
    }

    void clearOutbox(DbExecute db) {
        run(db, "feed.clear_outbox", "SELECT feed_clear_outbox()", Map.of());
    }

    private static void run(DbExecute db, String name, String sql, Map<String, Object> parameters) {
        var _ = Rows.forEach(db, new Query(name, sql, parameters), _ -> {});
    }

    private static List<FeedEvent> events(
            DbExecute db, String name, String sql, Map<String, Object> parameters, int term) {
        var events = new ArrayList<FeedEvent>();
        Rows.forEach(db, new Query(name, sql, parameters), row -> events.add(event(row, term)));
        return events;
    }

    static FeedEvent event(Row row, int term) {
        return new FeedEvent(
                row.text(2),
                row.text(3),
                row.text(4),
                row.text(5),
                row.timestamp(6),
                Token.of(term, row.integer(1), row.integer(7)));
    }

    private static String[] names(Topics topics) {
        return topics.names().toArray(String[]::new);
    }

    private static String[] prefixes(Topics topics) {
        return topics.prefixes().toArray(String[]::new);
    }

    private static String[] texts(List<NewEvent> events, Function<NewEvent, String> field) {
        return events.stream().map(field).toArray(String[]::new);
    }
}
