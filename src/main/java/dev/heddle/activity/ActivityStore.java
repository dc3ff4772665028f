package dev.heddle.activity;

import com.google.protobuf.Struct;
import dev.heddle.activity.v1.Action;
import dev.heddle.activity.v1.Analytics;
import dev.heddle.activity.v1.Analytics.HourCount;
import dev.heddle.activity.v1.Analytics.TypeCount;
import dev.heddle.db.Query;
import dev.heddle.db.Row;
import dev.heddle.db.Rows;
import dev.heddle.db.Times;
import dev.heddle.feed.Payloads;
import io.helidon.dbclient.DbExecute;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// The tables `actions` and `action_counts`.
final class ActivityStore {
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
