package dev.heddle.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.db.Database;
import dev.heddle.db.Migrations;
import dev.heddle.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A replica that stops in the middle of something.
@Timeout(120)
final class FeedReplicaTest {
    private static final int EVENTS = 1500;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final TestPostgres.Database postgres = TestPostgres.createDatabase();

    /// Its socket takes but a part of what it sequenced, which is 15 MB.
    @Test
    void replicaThatStopsWhileItSequencesHoldsNobodyUp() throws Exception {
        Migrations.run(
                Database.Settings.of(postgres.jdbcUrl(), postgres.username(), postgres.password()));
        try (var replica =
                        ModelProcess.start(
                                postgres, new ModelProcess.Work("stopped", 1, 0, 0, 0, 16));
                var lock = postgres.connect();
                var other = postgres.connect()) {
            assertThat(replica.line()).isEqualTo("READY");
            lock.setAutoCommit(false);
            execute(lock, "SELECT FROM feed_head FOR UPDATE");
            execute(
                    other,
                    """
                    INSERT INTO outbox (topic, type, key, payload)
                    SELECT 't', 't', number::text, to_json(repeat(md5(number::text), 320))
                    FROM generate_series(1, %d) AS number
                    """
                            .formatted(EVENTS));
            await(
                    other,
                    "SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database()"
                            + " AND query LIKE '%feed_sequence%' AND wait_event_type = 'Lock'");

            replica.pause();
            lock.rollback();

            await(other, "SELECT seq = %d FROM feed_head".formatted(EVENTS));
            execute(other, "SET lock_timeout = '10s'");
            execute(other, "SELECT FROM feed_head FOR UPDATE");
            replica.goOn();
        }
    }

    private static void await(Connection connection, String condition) throws SQLException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (!isTrue(connection, condition)) {
            assertThat(System.nanoTime()).as(condition).isLessThan(end);
        }
    }

    /// Asks at most every 20 ms.
    private static boolean isTrue(Connection connection, String condition) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT (" + condition + "), pg_sleep(0.02)")) {
            return rows.next() && rows.getBoolean(1);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
