package dev.heddle.exports;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import de.siegmar.fastcsv.writer.CsvWriter;
import dev.heddle.content.SpreadsheetText;
import dev.heddle.db.Listed;
import dev.heddle.db.Walk;
import dev.heddle.money.Amounts;
import dev.heddle.orders.OrderBook;
import dev.heddle.orders.v1.Order;
import dev.heddle.users.Directory;
import dev.heddle.users.v1.User;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/// What can be exported, as comma-separated values (RFC 4180) that no spreadsheet runs.
///
/// @param scope of who may have all of it
/// @param walk goes through it
/// @param columns the names of the columns
/// @param cells what an item has in them
record Table<T>(
        String scope, Walk<T> walk, List<String> columns, Function<T, Stream<String>> cells) {
    /// The tables by their names.
    static Map<String, Table<?>> all() {
        return Map.of(
                "users",
                new Table<>(
                        "users.read",
                        new Directory().walk(),
                        List.of("id", "email", "name", "state", "create_time", "update_time"),
                        Table::cells),
                "orders",
                new Table<>(
                        "orders.admin",
                        new OrderBook().walk(),
                        List.of(
                                "id",
                                "user",
                                "state",
                                "total",
                                "currency",
                                "items",
                                "payment",
                                "create_time",
                                "update_time"),
                        Table::cells));
    }

    private static Stream<String> cells(User user) {
        return Stream.of(
                user.getId(),
                user.getEmail(),
                user.getName(),
                user.getState().name(),
                text(user.getCreateTime()),
                text(user.getUpdateTime()));
    }

    private static Stream<String> cells(Order order) {
        return Stream.of(
                order.getId(),
                order.getUser(),
                order.getState().name(),
                Amounts.of(order.getTotal()).stripTrailingZeros().toPlainString(),
                order.getTotal().getCurrencyCode(),
                Long.toString(
                        order.getLinesList().stream().mapToLong(Order.Line::getQuantity).sum()),
                order.getPayment(),
                text(order.getCreateTime()),
                text(order.getUpdateTime()));
    }

    private static String text(Timestamp time) {
        return Timestamps.toString(time);
    }

    ByteString header() {
        return rows(Stream.of(columns));
    }

    ByteString rows(List<Listed<T>> items) {
        return rows(
                items.stream()
                        .map(item -> cells.apply(item.item()).map(SpreadsheetText::of).toList()));
    }

    private static ByteString rows(Stream<List<String>> rows) {
        var text = new StringWriter();
        var csv = CsvWriter.builder().bufferSize(0).build(text);
        rows.forEach(csv::writeRecord);
        return ByteString.copyFromUtf8(text.toString());
    }
}
