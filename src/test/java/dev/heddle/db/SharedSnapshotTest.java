package dev.heddle.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.async.Gather;
import dev.heddle.async.Outcome;
import dev.heddle.async.Part;
import dev.heddle.rpc.Task;
import dev.heddle.testing.Calls;
import dev.heddle.testing.TestPostgres;
import io.grpc.Status.Code;
import io.helidon.dbclient.DbExecute;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SharedSnapshotTest {
    private static final TestPostgres.Database POSTGRES = TestPostgres.createDatabase();
    private static final int CONNECTIONS = 3;

    private final Database database =
            Database.open(TestSettings.of(POSTGRES, CONNECTIONS), new SimpleMeterRegistry());

    @BeforeEach
    void create() {
        database.plain(db -> db.dml("DROP TABLE IF EXISTS word"));
        database.plain(db -> db.dml("CREATE TABLE word (word text PRIMARY KEY)"));
    }

    @AfterEach
    void everyConnectionIsBackAndUsable() {
        assertThat(database.busyConnections()).isZero();
        for (var i = 0; i < CONNECTIONS; i++) {
            assertThat(database.transaction(SharedSnapshotTest::count)).isNotNegative();
        }
        database.close();
    }

    @Test
    void readersOnOtherConnectionsSeeWhatTheFirstSees() {
        insert("one");

        var counts =
                database.sharedSnapshot(snapshot -> {
                    inBackground(() -> insert("two"));
                    return together(2, snapshot);
                });

        assertThat(counts).containsOnly(1L);
        assertThat(database.plain(SharedSnapshotTest::count)).isEqualTo(2);
    }

    /// All connections but one are taken by others, which wait for nothing.
    @Test
    void readersTakeTurnsWhereNoConnectionIsFree() throws Exception {
        insert("one");
        var taken = new CountDownLatch(CONNECTIONS - 1);
        var done = new CountDownLatch(1);
        try (var others = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var i = 1; i < CONNECTIONS; i++) {
                var _ =
                        others.submit(() ->
                                database.plain(_ -> {
                                    taken.countDown();
                                    return await(done);
                                }));
            }
            await(taken);

            var counts =
                    database.sharedSnapshot(snapshot -> {
                        inBackground(SharedSnapshotTest::insertDirectly);
                        return together(1, snapshot);
                    });

            assertThat(counts).hasSize(8).containsOnly(1L);
            done.countDown();
        }
    }

    /// Each holds a connection and wants more than there are.
    @Test
    void snapshotsDoNotLockEachOtherOutOfThePool() throws Exception {
        insert("one");
        var sharing = new CountDownLatch(CONNECTIONS);
        Callable<List<Long>> sharer =
                () ->
                        database.sharedSnapshot(snapshot -> {
                            sharing.countDown();
                            await(sharing);
                            return together(1, snapshot);
                        });

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var counts : threads.invokeAll(List.of(sharer, sharer, sharer))) {
                assertThat(counts.get()).hasSize(8).containsOnly(1L);
            }
        }
    }

    @Test
    void failureOfAReaderConcernsNoOther() {
        insert("one");

        var outcomes =
                database.sharedSnapshot(snapshot ->
                        Gather.each(
                                "read",
                                List.of("SELECT 1 / 0", "SELECT count(*) FROM word"),
                                1,
                                sql ->
                                        snapshot.read(db ->
                                                db.createNamedGet("read", sql)
                                                        .execute()
                                                        .map(row -> Row.of(row).integer(1))
                                                        .orElseThrow())));

        assertThat(outcomes.getFirst()).isInstanceOf(Outcome.Failure.class);
        assertThat(outcomes.getLast().value()).isEqualTo(1);
    }

    @Test
    void readerCannotWrite() {
        assertThatThrownBy(() ->
                        database.sharedSnapshot(snapshot ->
                                snapshot.read(db -> db.dml("INSERT INTO word VALUES ('x')"))))
                .hasStackTraceContaining("read-only transaction");
    }

    @Test
    void readerThatOutlivesTheSnapshotIsRefused() {
        var leaked = database.sharedSnapshot(snapshot -> snapshot);

        assertThatThrownBy(() -> leaked.read(SharedSnapshotTest::count))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("behind the end");
    }

    @Test
    void readerThatHasNoMoreTimeIsCancelledAndTheNextGoesOn() {
        insert("one");

        var outcomes =
                database.sharedSnapshot(snapshot -> {
                    try (var gather = Gather.open(1)) {
                        var slow =
                                gather.fork(
                                        "slow",
                                        Duration.ofMillis(100),
                                        () -> snapshot.read(db -> sleep(db)));
                        var quick =
                                gather.fork(
                                        "quick", () -> snapshot.read(SharedSnapshotTest::count));
                        return List.of(slow.outcome(), quick.outcome());
                    }
                });

        assertThat(((Outcome.Failure<Long>) outcomes.getFirst()).reason().reason())
                .contains(Task.TIMED_OUT);
        assertThat(outcomes.getLast().value()).isEqualTo(1);
    }

    @Test
    void cancellationReachesEveryReader() {
        var task = Task.detached(Duration.ofMillis(200));

        var failure =
                Calls.failure(() ->
                        task.run(() ->
                                database.sharedSnapshot(snapshot -> {
                                    try (var gather = Gather.open()) {
                                        for (var i = 0; i < 5; i++) {
                                            gather.fork(
                                                    "slow", () -> snapshot.read(db -> sleep(db)));
                                        }
                                        return gather.fork(
                                                        "slow",
                                                        () -> snapshot.read(db -> sleep(db)))
                                                .value();
                                    }
                                })));

        assertThat(failure.code()).isEqualTo(Code.DEADLINE_EXCEEDED);
    }

    /// How many words so many readers see, four of them at once.
    private static List<Long> together(int rounds, SharedSnapshot snapshot) {
        var counts = new ArrayList<Long>();
        for (var i = 0; i < rounds; i++) {
            try (var gather = Gather.open(4)) {
                var parts = new ArrayList<Part<Long>>();
                for (var j = 0; j < 8; j++) {
                    parts.add(gather.fork("count", () -> snapshot.read(SharedSnapshotTest::count)));
                }
                parts.forEach(part -> counts.add(part.value()));
            }
        }
        return counts;
    }

    private static long sleep(DbExecute db) {
        return db.createNamedGet("sleep", "SELECT 1 FROM pg_sleep(30)")
                .execute()
                .map(row -> Row.of(row).integer(1))
                .orElseThrow();
    }

    private static long count(DbExecute db) {
        return db.createNamedGet("count", "SELECT count(*) FROM word")
                .execute()
                .map(row -> Row.of(row).integer(1))
                .orElseThrow();
    }

    private void insert(String word) {
        var _ = database.transaction(db -> db.insert("INSERT INTO word VALUES (?)", word));
    }

    private static void insertDirectly() {
        try (var connection = POSTGRES.connect();
                var statement = connection.createStatement()) {
            statement.execute("INSERT INTO word VALUES ('other')");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static void inBackground(Runnable body) {
        CompletableFuture.runAsync(body).join();
    }

    private static boolean await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
            return true;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
