package dev.heddle.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.rpc.RpcException;
import dev.heddle.testing.TestPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class FeedTest {
    private static final TestPostgres.Database POSTGRES = TestPostgres.createDatabase();
    private static final TestFeed FEED = TestFeed.start(POSTGRES, Settings.DEFAULT);

    private final String topic;

    FeedTest(TestInfo info) {
        this.topic = info.getTestMethod().orElseThrow().getName();
    }

    @AfterAll
    static void close() {
        FEED.close();
    }

    @Test
    void eventOfACommittedTransactionArrives() throws Exception {
        try (var cursor = FEED.open(new Start.Now(), topic)) {
            var _ =
                    FEED.database()
                            .transaction(db -> {
                                FEED.feed()
                                        .publish(
                                                new NewEvent(
                                                        topic, "ship.sailed", "k", "{\"a\": 1}"));
                                return topic;
                            });

            var next = (Next.Events) cursor.next(TestFeed.PATIENCE);

            assertThat(next.events()).hasSize(1);
            var event = next.events().getFirst();
            assertThat(event.topic()).isEqualTo(topic);
            assertThat(event.type()).isEqualTo("ship.sailed");
            assertThat(event.key()).isEqualTo("k");
            assertThat(event.payload()).isEqualTo("{\"a\": 1}");
            assertThat(cursor.token()).isEqualTo(event.token());
        }
    }

    @Test
    void eventOfATransactionThatFailsIsNowhere() throws Exception {
        try (var cursor = FEED.open(new Start.Now(), topic)) {
            assertThatThrownBy(() ->
                            FEED.database()
                                    .transaction(db -> {
                                        FEED.feed().publish(new NewEvent(topic, "t", "lost", "{}"));
                                        throw new IllegalStateException("of the body");
                                    }))
                    .hasMessage("of the body");
            FEED.publish(topic, "kept");

            assertThat(TestFeed.take(cursor, 1)).containsExactly("kept");
        }
    }

    @Test
    void eventsOfATransactionKeepTheirOrder() throws Exception {
        var keys = IntStream.range(0, 700).mapToObj(Integer::toString).toArray(String[]::new);
        try (var cursor = FEED.open(new Start.Now(), topic)) {
            FEED.publish(topic, keys);

            assertThat(TestFeed.take(cursor, 700)).containsExactly(keys);
        }
    }

    @Test
    void eventThatWasInsertedByPlainSqlArrives() throws Exception {
        try (var cursor = FEED.open(new Start.Now(), topic);
                var connection = POSTGRES.connect()) {
            connection.setAutoCommit(false);
            insert(connection, "before");
            var savepoint = connection.setSavepoint();
            insert(connection, "undone");
            connection.rollback(savepoint);
            insert(connection, "after");
            connection.commit();

            assertThat(TestFeed.take(cursor, 2)).containsExactly("before", "after");
        }
    }

    @Test
    void readerGoesOnFromAToken() throws Exception {
        Token token;
        try (var cursor = FEED.open(new Start.Now(), topic)) {
            FEED.publish(topic, "1", "2");
            TestFeed.take(cursor, 2);
            token = cursor.token();
        }
        FEED.publish(topic, "3", "4");

        var text = token.toString();
        try (var cursor = FEED.open(new Start.After(Token.parse(text, "from")), topic)) {
            assertThat(TestFeed.take(cursor, 2)).containsExactly("3", "4");
        }
    }

    @Test
    void readerBeginsWithTheLastOfSeveralTopics() throws Exception {
        FEED.publish(topic + ".a", "1", "2");
        FEED.publish(topic + ".b", "3");
        FEED.publish(topic + ".a", "4");
        FEED.feed().sequence();

        try (var cursor = FEED.open(new Start.Last(3), topic + ".*")) {
            assertThat(TestFeed.take(cursor, 3)).containsExactly("2", "3", "4");
        }
        try (var cursor = FEED.open(new Start.Last(2), topic + ".a")) {
            assertThat(TestFeed.take(cursor, 2)).containsExactly("2", "4");
        }
    }

    @Test
    void readerThatWaitsInVainMovesItsToken() throws Exception {
        try (var cursor = FEED.open(new Start.Now(), topic);
                var other = FEED.open(new Start.Now(), topic + ".other")) {
            var before = cursor.token();
            FEED.publish(topic + ".other", "1");
            TestFeed.take(other, 1);

            assertThat(cursor.next(Duration.ofMillis(200))).isInstanceOf(Next.Nothing.class);

            assertThat(cursor.token().seq()).isGreaterThan(before.seq());
        }
    }

    @Test
    void stateAndStreamJoinWithoutGapOrRepeat() throws Exception {
        // what is committed and not sequenced is in the state: the lock keeps it so
        try (var lock = POSTGRES.connect()) {
            lock.setAutoCommit(false);
            execute(lock, "SELECT FROM feed_head FOR UPDATE");
            FEED.publish(topic, "in the state");
            var snapshot = FEED.database().snapshot(FEED.feed()::snapshot);
            FEED.publish(topic, "behind it");
            lock.rollback();

            var token = FEED.feed().behind(snapshot, Topics.of(topic));

            assertThat(token.skipped()).hasSize(1);
            var parsed = Token.parse(token.toString(), "from");
            assertThat(parsed).isEqualTo(token);
            try (var cursor = FEED.open(new Start.After(parsed), topic)) {
                assertThat(TestFeed.take(cursor, 1)).containsExactly("behind it");
                assertThat(cursor.token().skipped()).isEmpty();
            }
        }
    }

    @Test
    void topicsAreListedWithTheirEnds() {
        FEED.publish(topic + ".a", "1", "2");
        FEED.publish(topic + ".b", "3");
        FEED.feed().sequence();

        var topics = FEED.feed().topics(topic, 2);

        assertThat(topics).extracting(Feed.Topic::name).containsExactly(topic + ".a", topic + ".b");
        assertThat(topics.getFirst().first().key()).isEqualTo("1");
        assertThat(topics.getFirst().last().key()).isEqualTo("2");
        assertThat(FEED.feed().topic(topic + ".b").orElseThrow().last().key()).isEqualTo("3");
        assertThat(FEED.feed().topic(topic + ".c")).isEmpty();
    }

    @Test
    void tokenOfAnotherHistoryIsRefused() throws Exception {
        FEED.publish(topic, "1");
        FEED.feed().sequence();
        Token token;
        try (var cursor = FEED.open(new Start.Last(1), topic)) {
            TestFeed.take(cursor, 1);
            token = cursor.token();
        }
        var others =
                List.of(
                        Token.of(token.term(), token.seq(), token.tag() + 1),
                        Token.of(token.term() + 1, token.seq(), token.tag()),
                        Token.of(token.term(), token.seq() + 1_000_000, token.tag()));
        for (var other : others) {
            try (var cursor = FEED.open(new Start.After(other), topic)) {
                assertThat(cursor.next(TestFeed.PATIENCE))
                        .isEqualTo(new Next.Reset(Next.Cause.OTHER_HISTORY));
                assertThat(TestFeed.take(cursor, 1)).containsExactly("1");
            }
        }
    }

    @Test
    void slowReaderCatchesUpFromTheDatabase() throws Exception {
        try (var small = FEED.replica(TestFeed.small());
                var byName = small.open(new Start.Now(), topic);
                var byPattern = small.open(new Start.Now(), topic + "*")) {
            FEED.publishEach(topic, 1200);
            FEED.feed().sequence();

            var expected = IntStream.rangeClosed(1, 1200).mapToObj(Integer::toString).toList();
            assertThat(TestFeed.take(byName, 1200)).isEqualTo(expected);
            assertThat(TestFeed.take(byPattern, 1200)).isEqualTo(expected);
        }
    }

    @Test
    void callerHasABoundedNumberOfCursors() throws Exception {
        try (var small = FEED.replica(TestFeed.small())) {
            var open = new java.util.ArrayList<Cursor>();
            for (var i = 0; i < 10; i++) {
                open.add(small.open(new Start.Now(), topic));
            }
            assertThatThrownBy(() -> small.open(new Start.Now(), topic))
                    .isInstanceOf(RpcException.class)
                    .hasMessage("11 subscriptions are open (expected: at most 10 a caller)");
            open.forEach(Cursor::close);
            small.open(new Start.Now(), topic).close();
        }
    }

    @Test
    void crowdThatComesBackFromFarBehindMissesNothing() throws Exception {
        FEED.publishEach(topic, 300);
        FEED.feed().sequence();
        Token first;
        try (var cursor = FEED.open(new Start.Last(300), topic)) {
            first = ((Next.Events) cursor.next(TestFeed.PATIENCE)).events().get(1).token();
        }
        var expected = IntStream.rangeClosed(3, 300).mapToObj(Integer::toString).toList();
        try (var replica = FEED.replica(TestFeed.smallFor(200));
                var readers = Executors.newVirtualThreadPerTaskExecutor()) {
            var all =
                    readers.invokeAll(
                            Collections.nCopies(
                                    200,
                                    () -> {
                                        try (var cursor =
                                                replica.open(new Start.After(first), topic)) {
                                            return TestFeed.take(cursor, 298);
                                        }
                                    }));
            for (var one : all) {
                assertThat(one.get()).isEqualTo(expected);
            }
        }
    }

    @Test
    void otherReplicasAreToldAtOnce() throws Exception {
        var slow = TestFeed.polling(Duration.ofSeconds(10));
        try (var one = FEED.replica(slow);
                var other = FEED.replica(slow);
                var cursor = other.open(new Start.Now(), topic)) {
            awaitListener();
            one.publish(topic, "1");

            var next = cursor.next(Duration.ofSeconds(8));

            assertThat(next).isInstanceOf(Next.Events.class);
        }
    }

    /// Waits until each of the three replicas listens.
    private static void awaitListener() throws SQLException {
        try (var connection = POSTGRES.connect();
                var statement = connection.createStatement()) {
            var count = 0;
            while (count < 3) {
                try (var found =
                        statement.executeQuery(
                                "SELECT count(*) FROM pg_stat_activity WHERE query = 'LISTEN heddle_feed' AND datname = current_database()")) {
                    found.next();
                    count = found.getInt(1);
                }
            }
        }
    }

    private void insert(java.sql.Connection connection, String key) throws SQLException {
        execute(
                connection,
                "INSERT INTO outbox (topic, type, key, payload) VALUES ('%s', 't', '%s', '{}')"
                        .formatted(topic, key));
    }

    private static void execute(java.sql.Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
