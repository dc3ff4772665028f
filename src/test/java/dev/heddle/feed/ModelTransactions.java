package dev.heddle.feed;

import dev.heddle.db.Database;
import dev.heddle.db.Query;
import dev.heddle.db.Rows;
import dev.heddle.feed.ModelPublisher.Body;
import dev.heddle.feed.ModelPublisher.Open;
import dev.heddle.feed.ModelPublisher.Transactions;
import io.helidon.dbclient.DbExecute;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The ways to publish: with [Feed#publish], and with plain SQL.
final class ModelTransactions {
    private static final String COUNT =
            "UPDATE model_counter SET number = number + %s WHERE topic = %s RETURNING number";
    private static final String SLEEP = "SELECT pg_current_xact_id(), pg_sleep(%s)";

    private ModelTransactions() {}

    private static final class RolledBack extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    static Transactions of(Feed feed, Database database) {
        return (body, commits) -> {
            try {
                var _ =
                        database.transaction(db -> {
                            run(body, new WithFeed(feed, db));
                            if (!commits) {
                                throw new RolledBack();
                            }
                            return body;
                        });
            } catch (RolledBack _) {
                // as planned
            }
        };
    }

    static Transactions of(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        return (body, commits) -> {
            try (var open = new WithSql(connection)) {
                run(body, open);
            }
            if (commits) {
                connection.commit();
            } else {
                connection.rollback();
            }
        };
    }

    private static void run(Body body, Open open) {
        try {
            body.run(open);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private record WithFeed(Feed feed, DbExecute db) implements Open {
        @Override
        public long count(String topic, int events) {
            var number = new long[1];
            query(
                    COUNT.formatted("CAST(:events AS int)", ":topic"),
                    Map.of("events", events, "topic", topic),
                    number);
            return number[0] - events;
        }

        @Override
        public void publish(NewEvent event) {
            feed.publish(event);
        }

        @Override
        public void save() {
            db.dml("SAVEPOINT model");
        }

        /// Events are kept until the end, so savepoints don't touch them.
        @Override
        public boolean undo() {
            return false;
        }

        @Override
        public void sleep(double seconds) {
            query(SLEEP.formatted(":seconds"), Map.of("seconds", seconds), new long[1]);
        }

        private void query(String sql, Map<String, Object> parameters, long[] first) {
            Rows.forEach(db, new Query("model", sql, parameters), row -> first[0] = row.integer(1));
        }
    }

    private static final class WithSql implements Open, AutoCloseable {
        private final Connection connection;
        private final PreparedStatement insert;
        private @Nullable Savepoint savepoint;

        WithSql(Connection connection) throws SQLException {
            this.connection = connection;
            this.insert =
                    connection.prepareStatement(
                            "INSERT INTO outbox (topic, type, key, payload) VALUES (?, ?, ?, CAST(? AS json))");
        }

        @Override
        public long count(String topic, int events) throws SQLException {
            try (var count = connection.prepareStatement(COUNT.formatted("?", "?"))) {
                count.setInt(1, events);
                count.setString(2, topic);
                try (var rows = count.executeQuery()) {
                    rows.next();
                    return rows.getLong(1) - events;
                }
            }
        }

        @Override
        public void publish(NewEvent event) throws SQLException {
            insert.setString(1, event.topic());
            insert.setString(2, event.type());
            insert.setString(3, event.key());
            insert.setString(4, event.payload());
            insert.addBatch();
        }

        @Override
        public void save() throws SQLException {
            insert.executeBatch();
            savepoint = connection.setSavepoint();
        }

        @Override
        public boolean undo() throws SQLException {
            insert.executeBatch();
            connection.rollback(savepoint);
            return true;
        }

        @Override
        public void sleep(double seconds) throws SQLException {
            insert.executeBatch();
            try (var sleep = connection.prepareStatement(SLEEP.formatted("?"))) {
                sleep.setDouble(1, seconds);
                sleep.execute();
            }
        }

        @Override
        public void close() throws SQLException {
            try (insert) {
                insert.executeBatch();
            }
        }
    }
}
