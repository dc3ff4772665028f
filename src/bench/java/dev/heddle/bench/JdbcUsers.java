package dev.heddle.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Users by plain JDBC, on one connection: what the gateway is held against.
final class JdbcUsers implements AutoCloseable {
    /// How many of the users are read by id, at most.
    static final int READ_IDS = 10_000;

    static final String COLUMNS = "id, email, name, state, create_time, update_time, version";
    private static final int LOADED_AT_ONCE = 50_000;

    private final Connection connection;
    private final PreparedStatement select;

    JdbcUsers(Connection connection) throws SQLException {
        this.connection = connection;
        this.select = connection.prepareStatement("SELECT " + COLUMNS + " FROM users WHERE id = ?");
    }

    /// Reads one user.
    ///
    /// @return 1
    long read(String id) throws SQLException {
        select.setObject(1, UUID.fromString(id));
        try (var row = select.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("no user " + id);
            }
            for (var column = 1; column <= 3; column++) {
                var _ = row.getString(column);
            }
            var _ = row.getInt(4);
            var _ = row.getTimestamp(5);
            var _ = row.getTimestamp(6);
            var _ = row.getLong(7);
        }
        return 1;
    }

    /// Fills the empty table, and leaves the database nothing to tidy up later.
    void load(int rows, Runnable progress) throws SQLException {
        var sql =
                """
                INSERT INTO users (id, email, name, state, create_time, update_time, version)
                SELECT uuidv7(), 'ada.lovelace.' || number || '@example.org', 'Ada Lovelace ' || number,
                       1, now(), now(), 1
                FROM generate_series(?, ?) AS number
                """;
        try (var insert = connection.prepareStatement(sql)) {
            for (var first = 1; first <= rows; first += LOADED_AT_ONCE) {
                insert.setInt(1, first);
                insert.setInt(2, Math.min(rows, first + LOADED_AT_ONCE - 1));
                insert.executeUpdate();
                progress.run();
            }
        }
        try (var statement = connection.createStatement()) {
            statement.execute("VACUUM ANALYZE users");
            statement.execute("CHECKPOINT");
        }
    }

    /// Draws ids from all over the table, in no order, and keeps them in a table, numbered from 1.
    List<String> drawIds() throws SQLException {
        var ids = new ArrayList<String>();
        try (var statement = connection.createStatement()) {
            statement.execute(
                    """
                    CREATE TABLE bench_ids AS
                    SELECT row_number() OVER () AS number, id FROM
                      (SELECT id FROM users ORDER BY hashtext(id::text) LIMIT %d) AS drawn
                    """
                            .formatted(READ_IDS));
            statement.execute("ALTER TABLE bench_ids ADD PRIMARY KEY (number)");
            statement.execute("ANALYZE bench_ids");
            try (var rows = statement.executeQuery("SELECT id FROM bench_ids")) {
                while (rows.next()) {
                    ids.add(rows.getString(1));
                }
            }
        }
        return ids;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
