package dev.heddle.activity;

import com.google.protobuf.Struct;
import dev.heddle.activity.v1.Action;
import dev.heddle.activity.v1.Analytics;
import dev.heddle.activity.v1.Analytics.HourCount;
import dev.heddle.activity.v1.Analytics.TypeCount;
import dev.heddle.db.Ids;
import dev.heddle.db.Query;
import dev.heddle.db.Row;
import dev.heddle.db.Rows;
import dev.heddle.db.Times;
import dev.heddle.feed.Payloads;
import io.helidon.dbclient.DbExecute;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// The tables `actions` and `action_counts`.
final class ActivityStore {
    /// How far the time of an action may be from that within its id, which is indexed.
    private static final Duration ID_MARGIN = Duration.ofMinutes(1);

    /// Some hours.
    ///
    /// @param start the beginning of the first
    /// @param end the end of the last
    record Hours(Instant start, Instant end) {
        private Map<String, Object> parameters() {
            return Map.of(
                    "start", start.atOffset(ZoneOffset.UTC), "end", end.atOffset(ZoneOffset.UTC));
        }
    }

    /// Logs an action, and counts it in the hour in which it was recorded.
    void log(DbExecute db, Action action) {
        var time = Times.parameter(action.getTime());
        db.createNamedInsert(
                        "activity.log",
                        """
                        INSERT INTO actions (id, user_id, type, details, time)
                        VALUES (CAST(:id AS uuid), CAST(:user AS uuid), :type,
                                CAST(:details AS jsonb), :time)
                        """)
                .addParam("id", action.getId())
                .addParam("user", action.getUser())
                .addParam("type", action.getType())
                .addParam("details", Payloads.of(action.getDetails()))
                .addParam("time", time)
                .execute();
        db.createNamedInsert(
                        "activity.count",
                        """
                        INSERT INTO action_counts (hour, type, count)
                        VALUES (date_trunc('hour', CAST(:time AS timestamptz), 'UTC'), :type, 1)
                        ON CONFLICT (hour, type) DO UPDATE SET count = action_counts.count + 1
                        """)
                .addParam("time", time)
                .addParam("type", action.getType())
                .execute();
    }

    /// Removes what the log has of a user.
    void deleteOf(DbExecute db, String user) {
        db.createNamedDelete(
                        "activity.delete_of",
                        "DELETE FROM actions WHERE user_id = CAST(:user AS uuid)")
                .addParam("user", user)
                .execute();
    }

    /// Removes the oldest of the actions that were recorded before a time, whose counts stay.
    ///
    /// @param before the first id of that time
    /// @return how many there were, at most the limit
    long deleteBefore(DbExecute db, UUID before, int limit) {
        return db.createNamedDelete(
                        "activity.delete_before",
                        """
                        DELETE FROM actions WHERE id = ANY (ARRAY(
                          SELECT id FROM actions WHERE id < CAST(:before AS uuid)
                          ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED))
                        """)
                .addParam("before", before.toString())
                .addParam("limit", limit)
                .execute();
    }

    /// Raises the counts of an hour that are below what the log has of it. They may well be above:
    /// the log forgets users who go, and what is old.
    ///
    /// @return how many were wrong
    long raiseCounts(DbExecute db, Instant hour) {
        var end = hour.plus(1, ChronoUnit.HOURS);
        return db.createNamedInsert(
                        "activity.raise_counts",
                        """
                        INSERT INTO action_counts (hour, type, count)
                        SELECT CAST(:start AS timestamptz), type, count(*) FROM actions
                        WHERE id >= CAST(:from AS uuid) AND id < CAST(:before AS uuid)
                          AND time >= :start AND time < :end
                        GROUP BY type
                        ON CONFLICT (hour, type) DO UPDATE SET count = excluded.count
                        WHERE action_counts.count < excluded.count
                        """)
                .addParam("start", hour.atOffset(ZoneOffset.UTC))
                .addParam("end", end.atOffset(ZoneOffset.UTC))
                .addParam("from", Ids.from(hour.minus(ID_MARGIN)).toString())
                .addParam("before", Ids.from(end.plus(ID_MARGIN)).toString())
                .execute();
    }

    /// What a user did, the latest first.
    ///
    /// @param before the id that it comes before
    List<Action> list(DbExecute db, UUID user, UUID before, int limit) {
        return Rows.list(
                db,
                new Query(
                        "activity.list",
                        """
                        SELECT id, user_id, type, CAST(details AS text), time FROM actions
                        WHERE user_id = CAST(:user AS uuid) AND id < CAST(:before AS uuid)
                        ORDER BY id DESC LIMIT :limit
                        """,
                        Map.of(
                                "user", user.toString(),
                                "before", before.toString(),
                                "limit", limit)),
                ActivityStore::action);
    }

    /// What was done in some hours, as one snapshot has it.
    Analytics count(DbExecute db, Hours hours) {
        var analytics = Analytics.newBuilder();
        Rows.forEach(
                db,
                new Query(
                        "activity.types",
                        """
                        SELECT type, CAST(sum(count) AS bigint) AS total FROM action_counts
                        WHERE hour >= :start AND hour < :end
                        GROUP BY type ORDER BY total DESC, type
                        """,
                        hours.parameters()),
                row ->
                        analytics
                                .setTotal(analytics.getTotal() + row.integer(2))
                                .addTypes(
                                        TypeCount.newBuilder()
                                                .setType(row.text(1))
                                                .setCount(row.integer(2))));
        Rows.forEach(
                db,
                new Query(
                        "activity.hours",
                        """
                        SELECT hour, CAST(sum(count) AS bigint) FROM action_counts
                        WHERE hour >= :start AND hour < :end
                        GROUP BY hour ORDER BY hour
                        """,
                        hours.parameters()),
                row ->
                        analytics.addHours(
                                HourCount.newBuilder()
                                        .setHour(row.timestamp(1))
                                        .setCount(row.integer(2))));
        return analytics.build();
    }

    private static Action action(Row row) {
        return Action.newBuilder()
                .setId(row.text(1))
                .setUser(row.text(2))
                .setType(row.text(3))
                .setDetails(Payloads.read(row.text(4), Struct.newBuilder()))
                .setTime(row.timestamp(5))
                .build();
    }
}
