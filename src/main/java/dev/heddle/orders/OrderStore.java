package dev.heddle.orders;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.heddle.db.Columns;
import dev.heddle.db.Condition;
import dev.heddle.db.Keyset;
import dev.heddle.db.Listed;
import dev.heddle.db.Query;
import dev.heddle.db.Row;
import dev.heddle.db.Rows;
import dev.heddle.db.Times;
import dev.heddle.money.Amounts;
import dev.heddle.orders.v1.Order;
import dev.heddle.orders.v1.Order.Line;
import io.helidon.dbclient.DbExecute;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/// The tables `orders` and `order_lines`.
final class OrderStore {
    /// The fields that a filter and an order may name.
    static final Columns COLUMNS =
            Columns.builder()
                    .uuid("id", "id")
                    .text("user", "user_id")
                    .enumeration("state", "state", Order.State.getDescriptor())
                    .decimal("total", "total")
                    .text("currency", "currency")
                    .timestamp("create_time", "create_time")
                    .timestamp("update_time", "update_time")
                    .build();

    /// The lines come as the JSON of an order that has nothing else, so that an order is a row.
    private static final String ORDER =
            """
            id, user_id, state, total, currency, payment, create_time, update_time, version,
            step, fence,
            (SELECT CAST(json_build_object('lines', json_agg(json_build_object(
                'product', product_id, 'name', product_name, 'quantity', quantity,
                'price', json_build_object(
                    'currencyCode', currency, 'units', CAST(trunc(price) AS bigint),
                    'nanos', CAST((price - trunc(price)) * 1000000000 AS integer)))
                ORDER BY line)) AS text)
             FROM order_lines WHERE order_id = orders.id)\
            """;

    private static final int COLUMNS_OF_ORDER = 12;

    /// An order, and what callers don't see of it.
    ///
    /// @param step what somebody may be about to do with its payment
    /// @param fence the fencing token of the last such step; 0 if there was none
    record Stored(Order order, Step step, long fence) {}

    Optional<Order> get(DbExecute db, UUID id) {
        return db.createNamedGet(
                        "orders.get",
                        "SELECT " + ORDER + " FROM orders WHERE id = CAST(:id AS uuid)")
                .addParam("id", id.toString())
                .execute()
                .map(row -> order(Row.of(row)));
    }

    List<Listed<Order>> list(DbExecute db, Condition condition, Keyset keyset, int limit) {
        var listed = new ArrayList<Listed<Order>>();
        var sql =
                "SELECT %s, %s FROM orders WHERE %s ORDER BY %s LIMIT %d"
                        .formatted(
                                ORDER,
                                keyset.selection(),
                                condition.sql(),
                                keyset.orderBy(),
                                limit);
        Rows.forEach(
                db,
                new Query("orders.list", sql, condition.parameters()),
                row ->
                        listed.add(
                                new Listed<>(
                                        order(row), keyset.position(row, COLUMNS_OF_ORDER + 1))));
        return listed;
    }

    /// Hands over each order in the order of creation, as the database yields it.
    void export(DbExecute db, Condition condition, Consumer<Order> consumer) {
        var sql = "SELECT %s FROM orders WHERE %s ORDER BY id".formatted(ORDER, condition.sql());
        Rows.forEach(
                db,
                new Query("orders.export", sql, condition.parameters()),
                row -> consumer.accept(order(row)));
    }

    /// Reads an order that nobody else can change until the transaction ends.
    Optional<Stored> lock(DbExecute db, UUID id) {
        return db.createNamedGet(
                        "orders.lock",
                        "SELECT "
                                + ORDER
                                + " FROM orders WHERE id = CAST(:id AS uuid) FOR NO KEY UPDATE")
                .addParam("id", id.toString())
                .execute()
                .map(Row::of)
                .map(row -> new Stored(order(row), Step.of(row.integer(10)), row.integer(11)));
    }

    void insert(DbExecute db, Order order) {
        db.createNamedInsert(
                        "orders.insert",
                        """
                        INSERT INTO orders (id, user_id, state, total, currency, create_time,
                                            update_time, version)
                        VALUES (CAST(:id AS uuid), :user, :state, :total, :currency, :time, :time,
                                1)
                        """)
                .addParam("id", order.getId())
                .addParam("user", order.getUser())
                .addParam("state", order.getStateValue())
                .addParam("total", Amounts.of(order.getTotal()))
                .addParam("currency", order.getTotal().getCurrencyCode())
                .addParam("time", Times.parameter(order.getCreateTime()))
                .execute();
        insertLines(db, order);
    }

    private void insertLines(DbExecute db, Order order) {
        var lines = order.getLinesList();
        db.createNamedInsert(
                        "orders.insert_lines",
                        """
                        INSERT INTO order_lines (order_id, line, product_id, product_name, quantity,
                                                 price)
                        SELECT CAST(:id AS uuid), line, product_id, product_name, quantity, price
                        FROM unnest(CAST(:products AS uuid[]), CAST(:names AS text[]),
                                    CAST(:quantities AS integer[]), CAST(:prices AS numeric[]))
                             WITH ORDINALITY
                             AS new (product_id, product_name, quantity, price, line)
                        """)
                .addParam("id", order.getId())
                .addParam("products", all(lines, Line::getProduct).toArray(String[]::new))
                .addParam("names", all(lines, Line::getName).toArray(String[]::new))
                .addParam("quantities", all(lines, Line::getQuantity).toArray(Integer[]::new))
                .addParam(
                        "prices",
                        all(lines, line -> Amounts.of(line.getPrice())).toArray(BigDecimal[]::new))
                .execute();
    }

    /// Writes down that somebody is about to do something with the payment of a locked order.
    void begin(DbExecute db, UUID id, Step step, long fence) {
        db.createNamedUpdate(
                        "orders.begin",
                        """
                        UPDATE orders SET step = :step, fence = :fence WHERE id = CAST(:id AS uuid)
                        """)
                .addParam("id", id.toString())
                .addParam("step", step.number())
                .addParam("fence", fence)
                .execute();
    }

    /// Writes what can change of an order, as the next version; whatever had begun has ended.
    void update(DbExecute db, Order order) {
        db.createNamedUpdate(
                        "orders.update",
                        """
                        UPDATE orders SET state = :state, payment = :payment, update_time = :time,
                                          version = version + 1, step = 0
                        WHERE id = CAST(:id AS uuid)
                        """)
                .addParam("id", order.getId())
                .addParam("state", order.getStateValue())
                .addParam("payment", order.getPayment())
                .addParam("time", Times.parameter(order.getUpdateTime()))
                .execute();
    }

    private static <T> List<T> all(List<Line> lines, Function<Line, T> field) {
        return lines.stream().map(field).toList();
    }

    private static Order order(Row row) {
        var order = Order.newBuilder();
        readLines(row.text(12), order);
        return order.setId(row.text(1))
                .setUser(row.text(2))
                .setStateValue((int) row.integer(3))
                .setTotal(Amounts.of(new BigDecimal(row.text(4)), row.text(5)))
                .setPayment(row.text(6))
                .setCreateTime(row.timestamp(7))
                .setUpdateTime(row.timestamp(8))
                .setEtag(row.text(9))
                .build();
    }

    private static void readLines(String json, Order.Builder into) {
        try {
            JsonFormat.parser().merge(json, into);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("lines that can't be read", e);
        }
    }
}
