package dev.heddle.db;

import io.helidon.dbclient.DbExecute;
import java.util.List;

/// Goes through the rows of a table in the order of their ids, some at a time: so it may take long,
/// and hold neither a connection nor the horizon of PostgreSQL's vacuum meanwhile. What is written
/// after its beginning may come or not.
///
/// @param <T> what the rows are read as
/// @param table the table's name
/// @param columns what a filter may name, with `id` among them
/// @param reader reads some rows
public record Walk<T>(String table, Columns columns, Reader<T> reader) {
    /// Reads rows.
    @FunctionalInterface
    public interface Reader<T> {
        List<Listed<T>> list(DbExecute db, Condition condition, Keyset keyset, int limit);
    }

    /// Reads a filter.
    ///
    /// @throws dev.heddle.rpc.RpcException INVALID_ARGUMENT
    public Condition filter(String filter) {
        return Filter.parse(filter, columns);
    }

    public long count(DbExecute db, Condition filter) {
        return Rows.list(
                        db,
                        new Query(
                                table + ".walk_count",
                                "SELECT count(*) FROM %s WHERE %s".formatted(table, filter.sql()),
                                filter.parameters()),
                        row -> row.integer(1))
                .getFirst();
    }

    /// The next rows.
    ///
    /// @param place of the last row before them; empty for the first ones
    public List<Listed<T>> behind(DbExecute db, Condition filter, List<String> place, int limit) {
        var keyset = Keyset.of(OrderBy.parse("", columns), columns, "id");
        var behind = place.isEmpty() ? Condition.TRUE : keyset.after(place);
        return reader.list(db, filter.and(behind), keyset, limit);
    }
}
