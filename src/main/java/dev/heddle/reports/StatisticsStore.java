package dev.heddle.reports;

import dev.heddle.db.Query;
import dev.heddle.db.Row;
import dev.heddle.db.Rows;
import dev.heddle.orders.v1.Order;
import io.helidon.dbclient.DbExecute;
import java.util.Map;
import java.util.function.Consumer;

/// What statistics are about, over the tables of other features.
final class StatisticsStore {
    private static final String SALES =
            """
            SELECT currency, CAST(total AS double precision), %s, CAST(total AS double precision)
            FROM orders WHERE state <> %d
            """
                    .formatted(day("create_time"), Order.State.STATE_CANCELLED.getNumber());
    private static final String INVENTORY =
            "SELECT 'stock', stock, %s, 1 FROM products".formatted(day("create_time"));
    private static final String USERS =
            """
            SELECT 'orders', coalesce(placed.orders, 0), %s, 1
            FROM users
            LEFT JOIN (SELECT user_id, count(*) AS orders FROM orders GROUP BY user_id) AS placed
              ON placed.user_id = CAST(users.id AS text)
            """
                    .formatted(day("create_time"));

    /// Hands each value over as the database yields it.
    void forEach(DbExecute db, Kind kind, Consumer<Samples.Sample> consumer) {
        var sql =
                switch (kind) {
                    case SALES -> SALES;
                    case INVENTORY -> INVENTORY;
                    case USERS -> USERS;
                };
        Rows.forEach(
                db,
                new Query("reports.statistics", sql, Map.of()),
                row -> consumer.accept(sample(row)));
    }

    private static Samples.Sample sample(Row row) {
        return new Samples.Sample(
                row.text(1),
                Double.parseDouble(row.text(2)),
                row.integer(3),
                Double.parseDouble(row.text(4)));
    }

    private static String day(String column) {
        return "CAST(%s AT TIME ZONE 'UTC' AS date) - DATE '1970-01-01'".formatted(column);
    }
}
