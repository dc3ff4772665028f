package dev.heddle.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Old events are dropped, a partition at a time.
@Timeout(90)
final class FeedRetentionTest {
    private static final String TOPIC = "t";
    private static final int PARTITION = 1000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestPostgres.Database postgres = TestPostgres.createDatabase();

    /// It keeps an event for a second, and remembers 16 of them.
    private final TestFeed feed = TestFeed.start(postgres, TestFeed.small());

    @AfterEach
    void close() {
        feed.close();
    }

    @Test
    void readerBehindTheFloorIsResetAndOneAtTheFloorIsNot() throws Exception {
        publish(1, 400);
        publish(401, PARTITION + 100);
        var first = tokenAt(1);
        var atTheFloor = tokenAt(PARTITION);
        try (var stalled = feed.open(new Start.After(first), TOPIC)) {
            awaitFloor(PARTITION + 1);

            assertThat(stalled.next(TestFeed.PATIENCE))
                    .isEqualTo(new Next.Reset(Next.Cause.EXPIRED));
            assertThat(TestFeed.take(stalled, 1)).startsWith(Integer.toString(PARTITION + 1));
        }
        try (var late = feed.open(new Start.After(first), TOPIC)) {
            assertThat(late.next(TestFeed.PATIENCE)).isEqualTo(new Next.Reset(Next.Cause.EXPIRED));
            assertThat(late.token()).isEqualTo(atTheFloor);
        }
        try (var inTime = feed.open(new Start.After(atTheFloor), TOPIC);
                var earliest = feed.open(new Start.Earliest(), TOPIC)) {
            assertThat(TestFeed.take(inTime, 100))
                    .isEqualTo(keys(PARTITION + 1, PARTITION + 100))
                    .isEqualTo(TestFeed.take(earliest, 100));
        }
    }

    @Test
    void readerOfASnapshotKeepsItsPartitionAndHoldsNobodyUp() throws Exception {
        publish(1, PARTITION - 1);
        try (var reader = postgres.connect();
                var live = feed.open(new Start.After(tokenAt(PARTITION - 1)), TOPIC)) {
            reader.setAutoCommit(false);
            execute(reader, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
            assertThat(number(reader, "SELECT count(*) FROM event")).isEqualTo(PARTITION - 1);
            publish(PARTITION, 2 * PARTITION - 1);

            // through the attempts to drop the partition
            for (var i = 2 * PARTITION; i < 2 * PARTITION + 60; i++) {
                feed.publish(TOPIC, Integer.toString(i));
                execute(reader, "SELECT pg_sleep(0.05)");
            }

            assertThat(TestFeed.take(live, PARTITION + 60))
                    .isEqualTo(keys(PARTITION, 2 * PARTITION + 59));
            assertThat(number(reader, "SELECT count(*) FROM event")).isEqualTo(PARTITION - 1);
            try (var connection = postgres.connect()) {
                assertThat(number(connection, "SELECT floor FROM feed_head")).isEqualTo(1);
            }
            reader.rollback();
        }
        awaitFloor(2 * PARTITION + 1);
    }

    /// Publishes one transaction, when the log has room for it.
    private void publish(int from, int to) throws SQLException {
        try (var connection = postgres.connect()) {
            execute(connection, "SELECT feed_extend(%d, %d)".formatted(PARTITION, to - from + 1));
        }
        feed.publish(TOPIC, keys(from, to).toArray(String[]::new));
        feed.feed().sequence();
    }

    private static List<String> keys(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
    }

    private Token tokenAt(long seq) throws SQLException {
        try (var connection = postgres.connect()) {
            return Token.of(1, seq, number(connection, "SELECT tag FROM event WHERE seq = " + seq));
        }
    }

    private void awaitFloor(long floor) throws SQLException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        try (var connection = postgres.connect()) {
            while (number(connection, "SELECT floor, pg_sleep(0.02) FROM feed_head") != floor) {
                assertThat(System.nanoTime()).as("floor %d", floor).isLessThan(end);
            }
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
