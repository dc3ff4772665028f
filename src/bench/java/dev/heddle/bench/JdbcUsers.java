package dev.heddle.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/// The users that the gateway is to find, put into the database past it.
final class JdbcUsers implements AutoCloseable {
    /// How many of the users are read by id, at most.
    static final int READ_IDS = 10_000;

    static final String COLUMNS = "id, email, name, state, create_time, update_time, version";
    private static final int LOADED_AT_ONCE = 50_000;

    private final Connection connection;

    JdbcUsers(Connection connection) {
        this.connection = connection;
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
