package dev.heddle.reports;

import static dev.heddle.reports.Section.Column.number;
import static dev.heddle.reports.Section.Column.text;

import com.google.protobuf.Descriptors.EnumDescriptor;
import dev.heddle.db.Query;
import dev.heddle.db.Rows;
import dev.heddle.orders.v1.Order;
import dev.heddle.users.v1.User;
import io.helidon.dbclient.DbExecute;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What is in each report, and the queries for it, over the tables of other features.
final class ReportStore {
    private static final String AMOUNT = "CAST(trim_scale(sum(%s)) AS text)";
    private static final String STATE = names("orders.state", Order.State.getDescriptor());
    private static final String USER_STATE = names("users.state", User.State.getDescriptor());
    private static final String SOLD = "orders.state <> " + Order.State.STATE_CANCELLED.getNumber();

    private static final List<Section> SALES =
            List.of(
                    new Section(
                            "Orders by state",
                            "All orders, and what they come to in each currency.",
                            List.of(
                                    text("State"),
                                    text("Currency"),
                                    number("Orders"),
                                    number("Amount")),
                            """
                            SELECT %s, currency, CAST(count(*) AS text), %s
                            FROM orders GROUP BY state, currency ORDER BY state, currency
                            """
                                    .formatted(STATE, AMOUNT.formatted("total"))),
                    new Section(
                            "The last 14 days",
                            "Orders by the day on which they were placed, in UTC; cancelled ones aside.",
                            List.of(
                                    text("Day"),
                                    text("Currency"),
                                    number("Orders"),
                                    number("Amount")),
                            """
                            SELECT CAST(CAST(create_time AT TIME ZONE 'UTC' AS date) AS text) AS day,
                                   currency, CAST(count(*) AS text), %s
                            FROM orders
                            WHERE %s
                              AND create_time >= date_trunc('day', now(), 'UTC') - interval '13 days'
                            GROUP BY day, currency ORDER BY day DESC, currency
                            """
                                    .formatted(AMOUNT.formatted("total"), SOLD)),
                    new Section(
                            "Best-selling products",
                            "The 20 products of which most items were ordered in the last 14 days.",
                            List.of(text("Product"), number("Items"), number("Orders")),
                            """
                            SELECT max(product_name), CAST(sum(quantity) AS text),
                                   CAST(count(DISTINCT order_id) AS text)
                            FROM orders JOIN order_lines ON order_id = orders.id
                            WHERE %s
                              AND create_time >= date_trunc('day', now(), 'UTC') - interval '13 days'
                            GROUP BY product_id ORDER BY sum(quantity) DESC, product_id LIMIT 20
                            """
                                    .formatted(SOLD)),
                    new Section(
                            "Latest orders",
                            "The 20 orders that were placed last.",
                            List.of(
                                    text("Order"),
                                    text("User"),
                                    text("State"),
                                    text("Placed"),
                                    text("Currency"),
                                    number("Total")),
                            """
                            SELECT CAST(id AS text), user_id, %s, %s, currency,
                                   CAST(trim_scale(total) AS text)
                            FROM orders ORDER BY id DESC LIMIT 20
                            """
                                    .formatted(STATE, time("create_time"))));

    private static final List<Section> INVENTORY =
            List.of(
                    new Section(
                            "Stock",
                            "All products, and what is in stock of them at their present prices.",
                            List.of(
                                    text("Currency"),
                                    number("Products"),
                                    number("Out of stock"),
                                    number("Items"),
                                    number("Value")),
                            """
                            SELECT currency, CAST(count(*) AS text),
                                   CAST(count(*) FILTER (WHERE stock = 0) AS text),
                                   CAST(sum(stock) AS text), %s
                            FROM products GROUP BY currency ORDER BY currency
                            """
                                    .formatted(AMOUNT.formatted("stock * price"))),
                    new Section(
                            "Out of stock",
                            "Products of which there is nothing, at most 50 by name.",
                            List.of(text("Product"), text("Tags"), text("Last change")),
                            """
                            SELECT name, array_to_string(tags, ', '), %s
                            FROM products WHERE stock = 0 ORDER BY name, id LIMIT 50
                            """
                                    .formatted(time("update_time"))),
                    new Section(
                            "Running out",
                            "Products of which there are less than 10 items, at most 50.",
                            List.of(text("Product"), text("Tags"), number("Items")),
                            """
                            SELECT name, array_to_string(tags, ', '), CAST(stock AS text)
                            FROM products WHERE stock BETWEEN 1 AND 9
                            ORDER BY stock, name, id LIMIT 50
                            """),
                    new Section(
                            "Where the value is",
                            "The 20 products whose stock is worth most, whatever the currency.",
                            List.of(
                                    text("Product"),
                                    number("Items"),
                                    text("Currency"),
                                    number("Price"),
                                    number("Value")),
                            """
                            SELECT name, CAST(stock AS text), currency,
                                   CAST(trim_scale(price) AS text),
                                   CAST(trim_scale(stock * price) AS text)
                            FROM products ORDER BY stock * price DESC, id LIMIT 20
                            """));

    private static final List<Section> USERS =
            List.of(
                    new Section(
                            "Users by state",
                            "All users.",
                            List.of(text("State"), number("Users")),
                            """
                            SELECT %s, CAST(count(*) AS text)
                            FROM users GROUP BY state ORDER BY state
                            """
                                    .formatted(USER_STATE)),
                    new Section(
                            "Newcomers of the last 14 days",
                            "Users by the day on which they came, in UTC.",
                            List.of(text("Day"), number("Users")),
                            """
                            SELECT CAST(CAST(create_time AT TIME ZONE 'UTC' AS date) AS text) AS day,
                                   CAST(count(*) AS text)
                            FROM users
                            WHERE create_time >= date_trunc('day', now(), 'UTC') - interval '13 days'
                            GROUP BY day ORDER BY day DESC
                            """),
                    new Section(
                            "Best customers",
                            "The 20 users who have placed most orders, cancelled ones aside.",
                            List.of(text("Name"), text("E-mail"), text("Id"), number("Orders")),
                            """
                            WITH best AS (
                              SELECT user_id, count(*) AS orders FROM orders
                              WHERE %s
                              GROUP BY user_id ORDER BY orders DESC, user_id LIMIT 20
                            )
                            SELECT coalesce(name, ''), coalesce(email, ''), user_id,
                                   CAST(orders AS text)
                            FROM best LEFT JOIN users ON CAST(users.id AS text) = user_id
                            ORDER BY orders DESC, user_id
                            """
                                    .formatted(SOLD)),
                    new Section(
                            "Latest users",
                            "The 20 users who came last.",
                            List.of(text("Name"), text("E-mail"), text("State"), text("Came")),
                            """
                            SELECT name, email, %s, %s FROM users ORDER BY id DESC LIMIT 20
                            """
                                    .formatted(USER_STATE, time("create_time"))));

    /// The sections of a report, in the order of the document.
    List<Section> sections(Kind kind) {
        return switch (kind) {
            case SALES -> SALES;
            case INVENTORY -> INVENTORY;
            case USERS -> USERS;
        };
    }

    /// What there is in a section.
    List<List<String>> rows(DbExecute db, Section section) {
        var columns = section.columns().size();
        return Rows.list(
                db,
                new Query("reports.section", section.sql(), Map.of()),
                row -> IntStream.rangeClosed(1, columns).mapToObj(row::text).toList());
    }

    /// The name of an enum's value in the place of its number.
    private static String names(String column, EnumDescriptor type) {
        return type.getValues().stream()
                .map(value ->
                        "WHEN %d THEN '%s'"
                                .formatted(
                                        value.getNumber(),
                                        value.getName()
                                                .replaceFirst("^STATE_", "")
                                                .toLowerCase(Locale.ROOT)))
                .collect(Collectors.joining(" ", "CASE " + column + " ", " ELSE '' END"));
    }

    private static String time(String column) {
        return "to_char(%s AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')".formatted(column);
    }
}
