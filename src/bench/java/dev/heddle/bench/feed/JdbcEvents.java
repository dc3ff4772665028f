package dev.heddle.bench.feed;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/// Rows like events, inserted by plain JDBC into a table that nobody reads: what the feed is held
/// against.
final class JdbcEvents implements AutoCloseable {
    private final Connection connection;
    private final PreparedStatement one;
    private final PreparedStatement many;

    JdbcEvents(Connection connection) throws SQLException {
        this.connection = connection;
        try (var statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(1)");
            statement.execute(
                    """
                    CREATE TABLE IF NOT EXISTS bench_event (
                      id      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                      topic   text NOT NULL,
                      type    text NOT NULL,
                      key     text NOT NULL,
                      payload json NOT NULL)
                    """);
            statement.execute("SELECT pg_advisory_unlock(1)");
        }
        connection.setAutoCommit(false);
        this.one =
                connection.prepareStatement(
                        "INSERT INTO bench_event (topic, type, key, payload) VALUES (?, ?, ?, ?::json)");
        this.many =
                connection.prepareStatement(
                        """
                        INSERT INTO bench_event (topic, type, key, payload)
                        SELECT topic, type, key, payload::json
                        FROM unnest(?::text[], ?::text[], ?::text[], ?::text[]) AS new (topic, type, key, payload)
                        """);
    }

    /// Inserts rows in a transaction.
    ///
    /// @return how many
    long insert(int count) throws SQLException {
        var event = Stamp.event("bench.jdbc", System.nanoTime());
        if (count == 1) {
            one.setString(1, event.topic());
            one.setString(2, event.type());
            one.setString(3, event.key());
            one.setString(4, event.payload());
            one.executeUpdate();
        } else {
            many.setArray(1, repeated(event.topic(), count));
            many.setArray(2, repeated(event.type(), count));
            many.setArray(3, repeated(event.key(), count));
            many.setArray(4, repeated(event.payload(), count));
            many.executeUpdate();
        }
        connection.commit();
        return count;
    }

    private java.sql.Array repeated(String text, int count) throws SQLException {
        return connection.createArrayOf(
                "text", java.util.Collections.nCopies(count, text).toArray(String[]::new));
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
