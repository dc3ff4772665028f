package dev.heddle.dashboard;

import dev.heddle.dashboard.v1.Dashboard.OrderCount;
import dev.heddle.dashboard.v1.Dashboard.OrderSummary;
import dev.heddle.dashboard.v1.Dashboard.ProductSales;
import dev.heddle.db.Query;
import dev.heddle.db.Row;
import dev.heddle.db.Rows;
import dev.heddle.money.Amounts;
import dev.heddle.orders.v1.Order.State;
import io.helidon.dbclient.DbExecute;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/// What is read of the tables of other features; nothing is written.
///
/// Counts are exact, from the smallest index that there is; all that is summed up is bounded by the
/// time in which it happened.
final class DashboardStore {
    private static final int TOP = 10;

    /// How many products there are.
    ///
    /// @param outOfStock of how many there is nothing in stock
    record ProductCounts(long all, long outOfStock) {}

    long users(DbExecute db) {
        return one(db, "dashboard.users", "SELECT count(*) FROM users").integer(1);
    }

    ProductCounts products(DbExecute db) {
        var counts =
                one(
                        db,
                        "dashboard.products",
                        "SELECT count(*), count(*) FILTER (WHERE stock = 0) FROM products");
        return new ProductCounts(counts.integer(1), counts.integer(2));
    }

    List<OrderCount> orders(DbExecute db) {
        return Rows.list(
                db,
                new Query(
                        "dashboard.orders",
                        "SELECT state, count(*) FROM orders GROUP BY state ORDER BY state",
                        Map.of()),
                row ->
                        OrderCount.newBuilder()
                                .setStateValue((int) row.integer(1))
                                .setCount(row.integer(2))
                                .build());
    }

    List<Hours.Sales> sales(DbExecute db, Instant since) {
        return Rows.list(
                db,
                new Query(
                        "dashboard.sales",
                        """
                        SELECT date_trunc('hour', create_time, 'UTC') AS hour, currency, count(*),
                               coalesce(sum(total) FILTER (WHERE state IN (:paid, :shipped)), 0),
                               coalesce(sum(total) FILTER (WHERE state = :placed), 0)
                        FROM orders WHERE create_time >= :since
                        GROUP BY hour, currency ORDER BY hour, currency
                        """,
                        Map.of(
                                "since", time(since),
                                "placed", State.STATE_PLACED.getNumber(),
                                "paid", State.STATE_PAID.getNumber(),
                                "shipped", State.STATE_SHIPPED.getNumber())),
                row ->
                        new Hours.Sales(
                                row.timestamp(1).getSeconds(),
                                row.text(2),
                                row.integer(3),
                                new BigDecimal(row.text(4)),
                                new BigDecimal(row.text(5))));
    }

    /// The products that sold best.
    List<ProductSales> top(DbExecute db, Instant since) {
        return Rows.list(
                db,
                new Query(
                        "dashboard.top",
                        """
                        WITH top AS (
                          SELECT product_id, max(product_name) AS name, sum(quantity) AS quantity,
                                 count(DISTINCT order_id) AS orders
                          FROM orders JOIN order_lines ON order_id = id
                          WHERE create_time >= :since AND state <> :cancelled
                          GROUP BY product_id
                          ORDER BY quantity DESC, product_id LIMIT :top
                        )
                        SELECT product_id, coalesce(products.name, top.name), quantity, orders
                        FROM top LEFT JOIN products ON id = product_id
                        ORDER BY quantity DESC, product_id
                        """,
                        Map.of(
                                "since", time(since),
                                "cancelled", State.STATE_CANCELLED.getNumber(),
                                "top", TOP)),
                row ->
                        ProductSales.newBuilder()
                                .setProduct(row.text(1))
                                .setName(row.text(2))
                                .setQuantity(row.integer(3))
                                .setOrders(row.integer(4))
                                .build());
    }

    /// The latest orders, newest first.
    List<OrderSummary> latest(DbExecute db) {
        return Rows.list(
                db,
                new Query(
                        "dashboard.latest",
                        """
                        SELECT id, user_id, state, total, currency, create_time
                        FROM orders ORDER BY id DESC LIMIT :top
                        """,
                        Map.of("top", TOP)),
                row ->
                        OrderSummary.newBuilder()
                                .setId(row.text(1))
                                .setUser(row.text(2))
                                .setStateValue((int) row.integer(3))
                                .setTotal(Amounts.of(new BigDecimal(row.text(4)), row.text(5)))
                                .setCreateTime(row.timestamp(6))
                                .build());
    }

    private static Row one(DbExecute db, String name, String sql) {
        return db.createNamedGet(name, sql).execute().map(Row::of).orElseThrow();
    }

    private static OffsetDateTime time(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
