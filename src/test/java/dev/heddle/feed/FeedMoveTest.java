package dev.heddle.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.rpc.RpcException;
import dev.heddle.testing.TestPostgres;
import io.grpc.Status.Code;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;

/// The database moves to another cluster, or becomes an older state of itself.
@Timeout(60)
final class FeedMoveTest {
    private static final String TOPIC = "t";

    /// How far ahead the transaction ids of the former cluster are.
    private static final long AHEAD = 1_000_000_000;

    /// More than the pools hold.
    private static final int MAX_ATTEMPTS = 50;

    private final TestPostgres.Database postgres = TestPostgres.createDatabase();

    @Test
    void feedGoesOnInAClusterThatHasTheSameFiles() throws Exception {
        var old = published();
        try (var connection = postgres.connect()) {
            insert(connection, "waiting");
            moveFiles(connection);
            insert(connection, "new");
        }

        assertGoesOn(postgres, old, "waiting", "new");
    }

    @Test
    void feedGoesOnInAClusterThatHasTheSameFilesAfterAPartitionWasDropped() throws Exception {
        try (var feed = TestFeed.start(postgres, TestFeed.small());
                var connection = postgres.connect()) {
            for (var i = 1; i <= 1001; i++) {
                insert(connection, Integer.toString(i));
                if (i % 500 == 0) {
                    feed.feed().sequence();
                    execute(connection, "SELECT feed_extend(1000, 1000)");
                }
            }
            feed.feed().sequence();
        }
        try (var connection = postgres.connect()) {
            assertThat(text(connection, "SELECT feed_retire(now() + interval '1 hour')"))
                    .isEqualTo("t");
            insert(connection, "waiting");
            moveFiles(connection);
        }

        try (var feed = TestFeed.start(postgres, Settings.DEFAULT)) {
            assertThat(keys(feed)).containsExactly("1001", "waiting");
        }
    }

    @Test
    void feedGoesOnInAClusterThatWasRestoredFromADump() throws Exception {
        var old = published();
        var restored = TestPostgres.createDatabase();
        try (var from = postgres.connect();
                var to = restored.connect();
                var open = restored.connect()) {
            insert(from, "waiting");
            TestFeed.migrate(restored);
            dump(from, to);
            insert(to, "new");
            to.setAutoCommit(false);
            insert(to, "new, before a savepoint");
            var undone = to.setSavepoint();
            insert(to, "undone");
            to.rollback(undone);
            var _ = to.setSavepoint();
            insert(to, "new, behind a savepoint");
            to.commit();
            to.setAutoCommit(true);
            open.setAutoCommit(false);
            insert(open, "open meanwhile");
            insert(to, "new, and later than an open one");

            try (var feed = TestFeed.start(restored, Settings.DEFAULT)) {
                open.commit();
                insert(to, "behind the move");
                feed.feed().sequence();
            }
        }

        assertGoesOn(
                restored,
                old,
                "waiting",
                "new",
                "new, before a savepoint",
                "new, behind a savepoint",
                "new, and later than an open one",
                "open meanwhile",
                "behind the move");
    }

    @Test
    void readerLearnsThatTheDatabaseIsAnOlderStateOfItself() throws Exception {
        try (var feed = TestFeed.start(postgres, Settings.DEFAULT);
                var connection = postgres.connect()) {
            var reader = readerOfALostEvent(feed, connection);
            execute(
                    connection,
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            + " WHERE datname = current_database() AND pid <> pg_backend_pid()");

            assertIsReset(feed, reader);
        }
    }

    /// Such as a pool that replaces its connections without a word.
    @Test
    void readerLearnsOfAnOlderStateThatCameWithoutAFailure() throws Exception {
        try (var feed = TestFeed.start(postgres, Settings.DEFAULT);
                var connection = postgres.connect()) {
            var reader = readerOfALostEvent(feed, connection);
            insert(connection, "other");

            assertIsReset(feed, reader);
        }
    }

    @Test
    void readerBehindTheMemoryLearnsOfAnOlderState() throws Exception {
        try (var feed = TestFeed.start(postgres, TestFeed.small());
                var connection = postgres.connect()) {
            feed.publish(TOPIC, "kept");
            feed.feed().sequence();
            try (var reader = feed.open(new Start.Earliest(), TOPIC)) {
                TestFeed.take(reader, 1);
                var kept = state(connection);
                publishMany(feed, "lost");
                TestFeed.take(reader, 20);
                publishMany(feed, "lost, too");
                feed.feed().sequence();
                restore(connection, kept);
                for (var i = 0; i < 100; i++) {
                    insert(connection, "other " + i);
                }
                feed.feed().sequence();

                var seen = untilReset(reader);

                assertThat(seen).noneMatch(key -> key.startsWith("other"));
            }
        }
    }

    @Test
    void feedRunsWithAnOrdinaryRole() throws Exception {
        var name = postgres.jdbcUrl().replaceFirst(".*/", "");
        try (var connection = postgres.connect()) {
            execute(connection, "CREATE ROLE %s_owner LOGIN PASSWORD 'secret'".formatted(name));
            execute(connection, "ALTER DATABASE %1$s OWNER TO %1$s_owner".formatted(name));
        }
        var ordinary = new TestPostgres.Database(postgres.jdbcUrl(), name + "_owner", "secret");
        try (var feed = TestFeed.start(ordinary, TestFeed.small());
                var connection = ordinary.connect();
                var reader = feed.open(new Start.Now(), TOPIC)) {
            feed.publish(TOPIC, "1", "2");
            assertThat(TestFeed.take(reader, 2)).containsExactly("1", "2");
            execute(connection, "SELECT feed_clear_outbox()");
            execute(connection, "SELECT feed_retire(now())");
            moveFiles(connection);
        }
        try (var feed = TestFeed.start(ordinary, TestFeed.small())) {
            assertThat(keys(feed)).containsExactly("1", "2");
        } finally {
            try (var connection = postgres.connect()) {
                execute(connection, "REASSIGN OWNED BY %s_owner TO CURRENT_USER".formatted(name));
                execute(connection, "DROP ROLE %s_owner".formatted(name));
            }
        }
    }

    /// Publishes two events, of which a reader has seen the first.
    ///
    /// @return the reader's token
    private Token published() throws Exception {
        try (var feed = TestFeed.start(postgres, Settings.DEFAULT)) {
            feed.publish(TOPIC, "1");
            feed.publish(TOPIC, "2");
            feed.feed().sequence();
            try (var cursor = feed.open(new Start.Earliest(), TOPIC)) {
                TestFeed.take(cursor, 2);
                return cursor.token();
            }
        }
    }

    private static void assertGoesOn(TestPostgres.Database postgres, Token old, String... keys)
            throws Exception {
        var expected = new ArrayList<>(List.of("1", "2"));
        expected.addAll(List.of(keys));
        try (var feed = TestFeed.start(postgres, Settings.DEFAULT)) {
            assertThat(keys(feed)).isEqualTo(expected);
            try (var cursor = feed.open(new Start.After(old), TOPIC)) {
                assertThat(cursor.next(TestFeed.PATIENCE))
                        .isEqualTo(new Next.Reset(Next.Cause.OTHER_HISTORY));
                assertThat(cursor.token().term()).isEqualTo(old.term() + 1);
                assertThat(TestFeed.take(cursor, expected.size()))
                        .startsWith(expected.toArray(String[]::new));
            }
        }
    }

    /// All keys of the log, which ends with one of this.
    private static List<String> keys(TestFeed feed) throws InterruptedException {
        feed.publish(TOPIC, "last");
        var keys = new ArrayList<String>();
        try (var cursor = feed.open(new Start.Earliest(), TOPIC)) {
            while (keys.isEmpty() || !keys.getLast().equals("last")) {
                keys.addAll(TestFeed.take(cursor, 1));
            }
        }
        keys.removeIf("last"::equals);
        return keys;
    }

    /// Has the head name another cluster, and otherwise be as it is.
    private static void moveFiles(Connection connection) throws SQLException {
        execute(
                connection,
                """
                UPDATE feed_head SET system_identifier = 42,
                  xid = CASE WHEN xmin::text = (xid::text::bigint % 4294967296)::text
                             THEN pg_current_xact_id() ELSE xid END
                """);
    }

    /// Copies rows as a dump does, from a cluster whose transaction ids are far ahead.
    private static void dump(Connection from, Connection to) throws SQLException, IOException {
        execute(to, "DELETE FROM feed_head");
        execute(
                to,
                """
                CREATE TABLE event_1 (LIKE event INCLUDING ALL);
                ALTER TABLE event ATTACH PARTITION event_1 FOR VALUES FROM (1) TO (500001);
                INSERT INTO event_partition VALUES (1, 500001);
                """);
        copy(from, to, "outbox");
        copy(from, to, "event");
        copy(from, to, "feed_head");
        execute(
                to,
                """
                UPDATE feed_head SET system_identifier = 42, snap = CAST(
                  CAST(CAST(pg_snapshot_xmax(snap) AS text) AS bigint) + %1$d || ':' ||
                  CAST(CAST(pg_snapshot_xmax(snap) AS text) AS bigint) + %1$d || ':' AS pg_snapshot)
                """
                        .formatted(AHEAD));
        execute(
                to,
                "SELECT setval('outbox_id', %s)"
                        .formatted(text(from, "SELECT last_value FROM outbox_id")));
    }

    private static void copy(Connection from, Connection to, String table)
            throws SQLException, IOException {
        var columns =
                text(
                        from,
                        """
                        SELECT string_agg(attname, ', ' ORDER BY attnum) FROM pg_attribute
                        WHERE attrelid = '%s'::regclass AND attnum > 0 AND NOT attisdropped
                        """
                                .formatted(table));
        var rows = new ByteArrayOutputStream();
        var shifted =
                columns.replaceFirst(
                        "\\bxid\\b",
                        "CAST(CAST(CAST(CAST(xid AS text) AS bigint) + %d AS text) AS xid8)"
                                .formatted(AHEAD));
        from.unwrap(PGConnection.class)
                .getCopyAPI()
                .copyOut("COPY (SELECT %s FROM %s) TO STDOUT".formatted(shifted, table), rows);
        to.unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn(
                        "COPY %s (%s) FROM STDIN".formatted(table, columns),
                        new ByteArrayInputStream(rows.toByteArray()));
    }

    /// A reader that has seen an event of which the database then knows nothing.
    private static Cursor readerOfALostEvent(TestFeed feed, Connection connection)
            throws Exception {
        feed.publish(TOPIC, "kept");
        var reader = feed.open(new Start.Earliest(), TOPIC);
        TestFeed.take(reader, 1);
        var kept = state(connection);
        feed.publish(TOPIC, "lost");
        TestFeed.take(reader, 1);
        restore(connection, kept);
        return reader;
    }

    private static void assertIsReset(TestFeed feed, Cursor reader) throws Exception {
        try (reader) {
            assertThat(insistently(() -> untilReset(reader))).isEmpty();
            var _ =
                    insistently(() -> {
                        feed.publish(TOPIC, "last");
                        return "last";
                    });
            var keys = new ArrayList<String>();
            while (!keys.contains("last")) {
                keys.addAll(insistently(() -> TestFeed.take(reader, 1)));
            }
            assertThat(keys).startsWith("kept").doesNotContain("lost");
        }
    }

    /// Again and again while the pools come upon connections that were ended; each is met once.
    private static <T> T insistently(Callable<T> step) throws Exception {
        for (var attempts = 1; ; attempts++) {
            try {
                return step.call();
            } catch (RpcException e) {
                if (e.code() != Code.UNAVAILABLE || attempts == MAX_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static List<String> untilReset(Cursor reader) throws InterruptedException {
        var seen = new ArrayList<String>();
        for (; ; ) {
            switch (reader.next(TestFeed.PATIENCE)) {
                case Next.Events(var events) -> events.forEach(event -> seen.add(event.key()));
                case Next.Reset(var cause) -> {
                    assertThat(cause).isEqualTo(Next.Cause.OTHER_HISTORY);
                    return seen;
                }
                case Next other -> throw new AssertionError("%s after %s".formatted(other, seen));
            }
        }
    }

    private static void publishMany(TestFeed feed, String key) {
        feed.publish(
                TOPIC, IntStream.range(0, 50).mapToObj(i -> key + " " + i).toArray(String[]::new));
    }

    /// What the head is now, as SQL that makes it so again.
    private static String state(Connection connection) throws SQLException {
        return text(
                connection,
                """
                SELECT format('UPDATE feed_head SET seq = %s, tag = %s', seq, tag) FROM feed_head
                """);
    }

    /// Makes the database what it was, in one transaction.
    private static void restore(Connection connection, String state) throws SQLException {
        connection.setAutoCommit(false);
        execute(connection, "SELECT FROM feed_head FOR UPDATE");
        execute(connection, state + ", snap = pg_current_snapshot(), xid = pg_current_xact_id()");
        execute(connection, "DELETE FROM event WHERE seq > (SELECT seq FROM feed_head)");
        execute(connection, "DELETE FROM outbox");
        connection.commit();
        connection.setAutoCommit(true);
    }

    private static void insert(Connection connection, String key) throws SQLException {
        execute(
                connection,
                "INSERT INTO outbox (topic, type, key, payload) VALUES ('%s', 't', '%s', '{}')"
                        .formatted(TOPIC, key));
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
