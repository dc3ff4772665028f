package dev.heddle.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.util.Timestamps;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.Calls;
import dev.heddle.testing.TestPostgres;
import io.grpc.Status.Code;
import io.helidon.dbclient.DbClientException;
import io.helidon.dbclient.DbExecute;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class DatabaseTest {
    private static final TestPostgres.Database POSTGRES = TestPostgres.createDatabase();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Database database =
            Database.open(
                    Database.Settings.of(
                                    POSTGRES.jdbcUrl(), POSTGRES.username(), POSTGRES.password())
                            .withPool(TestSettings.pool(2)),
                    meters);

    @BeforeEach
    void create() {
        database.plain(db -> db.dml("DROP TABLE IF EXISTS word"));
        database.plain(db -> db.dml("CREATE TABLE word (word text PRIMARY KEY)"));
    }

    @AfterEach
    void everyConnectionIsBack() {
        assertThat(database.busyConnections()).isZero();
        database.close();
    }

    @Test
    void transactionThatReturnsIsCommitted() {
        long inserted = database.transaction(db -> insert(db, "one"));

        assertThat(inserted).isOne();
        assertThat(count()).isOne();
    }

    @Test
    void transactionThatThrowsIsRolledBackAndThrowsTheSame() {
        var failure = new IllegalStateException("of the body");

        assertThatThrownBy(() ->
                        database.transaction(db -> {
                            insert(db, "one");
                            throw failure;
                        }))
                .isSameAs(failure);

        assertThat(count()).isZero();
    }

    @Test
    void errorRollsBackToo() {
        assertThatThrownBy(() ->
                        database.transaction(db -> {
                            insert(db, "one");
                            throw new StackOverflowError("of the body");
                        }))
                .isInstanceOf(StackOverflowError.class);

        assertThat(count()).isZero();
    }

    @Test
    void failedStatementIsWhatIsThrownAndNotItsRollback() {
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() ->
                            database.transaction(db ->
                                    db.createNamedQuery("bad", "SELECT 1 / 0").execute().count()))
                    .isInstanceOf(DbClientException.class)
                    .hasRootCauseInstanceOf(SQLException.class)
                    .hasStackTraceContaining("division by zero");
        }
        assertThat(meters.get("db.statement.failures").tag("statement", "bad").counter().count())
                .isEqualTo(5);
    }

    @Test
    void commitBehindAFailureThatTheBodyHidesFails() {
        assertThatThrownBy(() ->
                        database.transaction(db -> {
                            insert(db, "one");
                            var _ = catchThrowable(() -> db.dml("SELECT nonsense"));
                            return 1;
                        }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("its body went on");

        assertThat(count()).isZero();
    }

    @Test
    void statementThatCannotBePreparedLeaksNothing() {
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(() ->
                            database.plain(db ->
                                    db.createNamedQuery("bad", "SELECT :a")
                                            .addParam("b", 1)
                                            .execute()
                                            .count()))
                    .isInstanceOf(DbClientException.class);
            assertThatThrownBy(() ->
                            database.transaction(db ->
                                    db.createNamedQuery("bad", "SELECT :a")
                                            .addParam("a", new Object())
                                            .execute()
                                            .count()))
                    .isInstanceOf(DbClientException.class);
        }
    }

    @Test
    void abandonedResultsLeakNothing() {
        for (int i = 0; i < 5; i++) {
            var _ =
                    database.plain(
                            db -> db.query("SELECT generate_series(1, 100000)").iterator().next());
            var _ =
                    database.snapshot(
                            db -> db.query("SELECT generate_series(1, 100000)").iterator().next());
        }
    }

    @Test
    void resultThatLeavesItsTransactionCannotBeRead() {
        var escaped = database.snapshot(db -> db.query("SELECT generate_series(1, 100000)"));

        assertThatThrownBy(escaped::count).isInstanceOf(DbClientException.class);
    }

    @Test
    void statementThatLeavesItsTransactionCannotBeRun() {
        var escaped = database.transaction(db -> db.createNamedDmlStatement("late", "SELECT 1"));

        assertThatThrownBy(escaped::execute).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void transactionWithinATransactionIsRefused() {
        assertThatThrownBy(() -> database.transaction(_ -> database.plain(db -> insert(db, "x"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("expected: one");
    }

    @Test
    void unwrappedConnectionIsThatOfTheTransaction() {
        database.transaction(db -> {
            insert(db, "one");
            try (var statement = db.unwrap(Connection.class).createStatement();
                    var rows = statement.executeQuery("SELECT count(*) FROM word")) {
                rows.next();
                assertThat(rows.getInt(1)).isOne();
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
            return 0;
        });
    }

    @Test
    void uniqueViolationNamesItsConstraint() {
        database.transaction(db -> insert(db, "one"));

        assertThatThrownBy(() -> database.transaction(db -> insert(db, "one")))
                .isInstanceOfSatisfying(
                        UniqueViolationException.class,
                        e -> assertThat(e.constraint()).isEqualTo("word_pkey"));
    }

    @Test
    void textThatPostgresCannotHoldIsTheCallersFault() {
        var failure = Calls.failure(() -> database.plain(db -> insert(db, "a\0b")));

        assertThat(failure.code()).isEqualTo(Code.INVALID_ARGUMENT);
    }

    @Test
    void snapshotSeesNothingOfLaterCommitsAndCannotWrite() {
        var before =
                database.snapshot(db -> {
                    var first = count(db);
                    onAnotherThread(() -> database.transaction(other -> insert(other, "later")));
                    assertThat(count(db)).isEqualTo(first);
                    return first;
                });

        assertThat(count()).isEqualTo(before + 1);
        assertThatThrownBy(() -> database.snapshot(db -> insert(db, "x")))
                .hasStackTraceContaining("read-only transaction");
        long inserted = database.transaction(db -> insert(db, "x"));
        assertThat(inserted).isOne();
    }

    @Test
    void deadlockAbortsOneOfTwo() throws Exception {
        database.transaction(db -> insert(db, "a") + insert(db, "b"));
        var bothHold = new CountDownLatch(2);

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var one = threads.submit(() -> lockBoth("a", "b", bothHold));
            var two = threads.submit(() -> lockBoth("b", "a", bothHold));

            var outcomes = new ArrayList<String>();
            outcomes.add(one.get());
            outcomes.add(two.get());
            assertThat(outcomes).containsExactlyInAnyOrder("done", "ABORTED");
        }
    }

    @Test
    void rowsReadParametersAndTypes() {
        var texts = new ArrayList<String>();

        var count =
                database.plain(db ->
                        Rows.forEach(
                                db,
                                new Query(
                                        "rows",
                                        """
                                        SELECT 'it''s :not' || :a, n::bigint, -- :nor
                                               '2026-01-02T03:04:05.678901Z'::timestamptz
                                        FROM generate_series(1, :n) n WHERE :a = :a
                                        """,
                                        Map.of("a", "!", "n", 2)),
                                row ->
                                        texts.add(
                                                row.text(1)
                                                        + row.integer(2)
                                                        + Timestamps.toString(row.timestamp(3)))));

        assertThat(count).isEqualTo(2);
        assertThat(texts)
                .containsExactly(
                        "it's :not!12026-01-02T03:04:05.678901Z",
                        "it's :not!22026-01-02T03:04:05.678901Z");
        assertThat(meters.get("db.statement.duration").tag("statement", "rows").timer().count())
                .isOne();
    }

    @Test
    void rowsOfAConsumerThatThrowsAreClosed() {
        assertThatThrownBy(() ->
                        database.snapshot(db ->
                                Rows.forEach(
                                        db,
                                        new Query(
                                                "rows",
                                                "SELECT generate_series(1, 100000)",
                                                Map.of()),
                                        _ -> {
                                            throw new IllegalStateException("enough");
                                        })))
                .isInstanceOf(IllegalStateException.class);
    }

    private String lockBoth(String first, String second, CountDownLatch bothHold) {
        try {
            return database.transaction(db -> {
                lock(db, first);
                bothHold.countDown();
                await(bothHold);
                lock(db, second);
                return "done";
            });
        } catch (RpcException e) {
            return e.code().name();
        }
    }

    private static void lock(DbExecute db, String word) {
        assertThat(
                        db.createNamedGet(
                                        "lock", "SELECT word FROM word WHERE word = :w FOR UPDATE")
                                .addParam("w", word)
                                .execute())
                .isPresent();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void onAnotherThread(Runnable body) {
        CompletableFuture.runAsync(body).join();
    }

    private static long insert(DbExecute db, String word) {
        return db.createNamedInsert("insert", "INSERT INTO word VALUES (:word)")
                .addParam("word", word)
                .execute();
    }

    private long count() {
        return database.plain(DatabaseTest::count);
    }

    private static long count(DbExecute db) {
        return db.createNamedGet("count", "SELECT count(*) FROM word")
                .execute()
                .map(row -> Row.of(row).integer(1))
                .orElseThrow();
    }
}
