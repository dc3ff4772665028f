package dev.heddle.feed;

import dev.heddle.db.Query;
import dev.heddle.db.Rows;
import io.helidon.dbclient.DbExecute;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which topics the log has, and from where to where.
final class TopicStore {
    /// What is there of a topic.
    ///
    /// @param first its first event
    /// @param last its last
    record Extent(String topic, FeedEvent first, FeedEvent last) {}

    /// The topics that have events, by name.
    ///
    /// @param after the name that they come behind
    List<Extent> all(DbExecute db, String after, int limit, int term) {
        return extents(
                db,
                """
                WITH RECURSIVE walk (topic, number) AS (
                  (SELECT topic, 1 FROM event WHERE topic > :after ORDER BY topic LIMIT 1)
                  UNION ALL
                  SELECT (SELECT event.topic FROM event WHERE event.topic > walk.topic
                          ORDER BY event.topic LIMIT 1), number + 1
                  FROM walk WHERE walk.topic IS NOT NULL AND number < :limit
                )
                SELECT topic FROM walk WHERE topic IS NOT NULL
                """,
                Map.of("after", after, "limit", limit),
                term);
    }

    /// What is there of one topic.
    Optional<Extent> find(DbExecute db, String name, int term) {
        return extents(db, "SELECT CAST(:name AS text) AS topic", Map.of("name", name), term)
                .stream()
                .findFirst();
    }

    private static List<Extent> extents(
            DbExecute db, String topics, Map<String, Object> parameters, int term) {
        var ends = new ArrayList<FeedEvent>();
        var sql =
                """
                SELECT ends.* FROM (%s) AS wanted
                CROSS JOIN LATERAL (
                  (SELECT %2$s FROM event WHERE topic = wanted.topic ORDER BY seq LIMIT 1)
                  UNION ALL
                  (SELECT %2$s FROM event WHERE topic = wanted.topic ORDER BY seq DESC LIMIT 1)
                ) AS ends
                ORDER BY topic, seq
                """
                        .formatted(topics, FeedStore.EVENT);
        Rows.forEach(
                db,
                new Query("feed.topics", sql, parameters),
                row -> ends.add(FeedStore.event(row, term)));
        var extents = new ArrayList<Extent>();
        for (var i = 0; i < ends.size(); i += 2) {
            extents.add(new Extent(ends.get(i).topic(), ends.get(i), ends.get(i + 1)));
        }
        return extents;
    }
}
