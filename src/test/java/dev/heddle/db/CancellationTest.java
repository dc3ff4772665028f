package dev.heddle.db;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.RetryInfo;
import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc;
import dev.heddle.diagnostics.v1.EchoRequest;
import dev.heddle.diagnostics.v1.EchoResponse;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import dev.heddle.testing.Calls;
import dev.heddle.testing.TestPostgres;
import io.grpc.Status.Code;
import io.helidon.dbclient.DbExecute;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A call that ends early takes its statement with it, and nobody else's.
@Timeout(60)
final class CancellationTest {
    private static final TestPostgres.Database POSTGRES = TestPostgres.createDatabase();

    private final Database database =
            Database.open(TestSettings.of(POSTGRES, 2), new SimpleMeterRegistry());
    private final Map<String, Function<Database, Object>> handlers = new ConcurrentHashMap<>();
    private final Calls calls =
            Calls.of(rpcs ->
                    rpcs.unary(
                            DiagnosticsServiceGrpc.getEchoMethod(),
                            (request, _) -> {
                                var _ =
                                        requireNonNull(handlers.get(request.getMessage()))
                                                .apply(database);
                                return EchoResponse.getDefaultInstance();
                            }));

    @AfterEach
    void everyConnectionIsBack() {
        assertThat(database.busyConnections()).isZero();
        database.close();
    }

    @Test
    void deadlineCancelsTheStatement() {
        var start = System.nanoTime();

        var failure = failure(Duration.ofMillis(300), db -> db.plain(sleep(30)));

        assertThat(failure.code()).isEqualTo(Code.DEADLINE_EXCEEDED);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        assertThat(activeStatements()).isZero();
    }

    @Test
    void deadlineCancelsTheTransaction() {
        database.plain(db -> db.dml("CREATE TABLE kept (n int)"));

        var failure =
                failure(
                        Duration.ofMillis(300),
                        db ->
                                db.transaction(tx -> {
                                    tx.dml("INSERT INTO kept VALUES (1)");
                                    return sleep(30).run(tx);
                                }));

        assertThat(failure.code()).isEqualTo(Code.DEADLINE_EXCEEDED);
        assertThat(database.<Long>plain(db -> db.query("SELECT * FROM kept").count())).isZero();
    }

    @Test
    void callerWhoGoesAwayCancelsTheStatement() throws Exception {
        var begun = new CountDownLatch(1);
        handlers.put(
                "sleep",
                db ->
                        db.transaction(tx -> {
                            begun.countDown();
                            return sleep(30).run(tx);
                        }));
        var call = calls.open(DiagnosticsServiceGrpc.getEchoMethod(), Optional.empty());
        var outcome = CompletableFuture.supplyAsync(() -> Calls.failure(() -> run(call, "sleep")));

        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
        call.cancelByCaller();

        assertThat(outcome.get(2, TimeUnit.SECONDS).code()).isEqualTo(Code.CANCELLED);
    }

    @Test
    void cancellationBetweenTwoStatementsStopsTheSecond() {
        var failure =
                failure(
                        Duration.ofSeconds(30),
                        db ->
                                db.transaction(tx -> {
                                    Task.current()
                                            .flatMap(Task::call)
                                            .orElseThrow()
                                            .cancelByCaller();
                                    return sleep(30).run(tx);
                                }));

        assertThat(failure.code()).isEqualTo(Code.CANCELLED);
    }

    @Test
    void cancelledCallCommitsNothing() {
        database.plain(db -> db.dml("CREATE TABLE uncommitted (n int)"));

        var failure =
                failure(
                        Duration.ofSeconds(30),
                        db ->
                                db.transaction(tx -> {
                                    tx.dml("INSERT INTO uncommitted VALUES (1)");
                                    Task.current()
                                            .flatMap(Task::call)
                                            .orElseThrow()
                                            .cancelByCaller();
                                    return 0;
                                }));

        assertThat(failure.code()).isEqualTo(Code.CANCELLED);
        assertThat(database.<Long>plain(db -> db.query("SELECT * FROM uncommitted").count()))
                .isZero();
    }

    @Test
    void callOutOfTimeIsNotServedAConnection() {
        var failure =
                failure(
                        Duration.ofSeconds(30),
                        db -> {
                            Task.current().flatMap(Task::call).orElseThrow().cancelByCaller();
                            return db.plain(sleep(0));
                        });

        assertThat(failure.code()).isEqualTo(Code.CANCELLED);
    }

    @Test
    void exhaustedPoolRefusesAfterItsWait() throws Exception {
        withAllConnectionsBusy(() -> {
            var failure = Calls.failure(() -> database.plain(sleep(0)));

            assertThat(failure.code()).isEqualTo(Code.RESOURCE_EXHAUSTED);
            assertThat(failure.reason()).contains(RpcException.OVERLOADED);
            assertThat(failure.detail(RetryInfo.class)).isPresent();
        });
    }

    @Test
    void waitForAConnectionEndsWithTheDeadline() throws Exception {
        withAllConnectionsBusy(() -> {
            var failure = failure(Duration.ofMillis(100), db -> db.plain(sleep(0)));

            // The pool's own bound is later, and has a code of its own.
            assertThat(failure.code()).isEqualTo(Code.DEADLINE_EXCEEDED);
        });
    }

    @Test
    void lateCancelNeverHitsTheNextBorrower() throws Exception {
        var seed = ThreadLocalRandom.current().nextLong();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        handlers.put("short", db -> db.plain(select("SELECT pg_sleep(0.002)")));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 300; i++) {
                var call = calls.open(DiagnosticsServiceGrpc.getEchoMethod(), Optional.empty());
                var cancelled = threads.submit(() -> runAndIgnoreCancellation(call));
                var pause = random.nextInt(4_000_000);
                threads.submit(
                                () -> {
                                    LockSupport.parkNanos(pause);
                                    call.cancelByCaller();
                                })
                        .get();
                cancelled.get();

                database.plain(select("SELECT pg_sleep(0.001)"));
            }
        }
    }

    private void runAndIgnoreCancellation(Call call) {
        try {
            run(call, "short");
        } catch (RpcException e) {
            assertThat(e.code()).isEqualTo(Code.CANCELLED);
        }
    }

    @FunctionalInterface
    private interface Check {
        void run() throws Exception;
    }

    /// Takes a connection and keeps it. It may take several tries while one is being replaced.
    private boolean hold(CountDownLatch held, CountDownLatch done) {
        while (true) {
            try {
                return database.plain(_ -> {
                    held.countDown();
                    try {
                        return done.await(20, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                });
            } catch (RpcException e) {
                if (e.code() != Code.RESOURCE_EXHAUSTED || done.getCount() == 0) {
                    throw e;
                }
            }
        }
    }

    private void withAllConnectionsBusy(Check check) throws Exception {
        var held = new CountDownLatch(2);
        var done = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 2; i++) {
                var _ = threads.submit(() -> hold(held, done));
            }
            assertThat(held.await(10, TimeUnit.SECONDS)).isTrue();
            try {
                check.run();
            } finally {
                done.countDown();
            }
        }
    }

    private RpcException failure(Duration timeout, Function<Database, Object> handler) {
        handlers.put("body", handler);
        var call = calls.open(DiagnosticsServiceGrpc.getEchoMethod(), Optional.of(timeout));
        return Calls.failure(() -> run(call, "body"));
    }

    private void run(Call call, String handler) {
        calls.run(
                call,
                DiagnosticsServiceGrpc.getEchoMethod(),
                EchoRequest.newBuilder().setMessage(handler).build(),
                _ -> {});
    }

    private static Database.Body<Object> sleep(int seconds) {
        return select("SELECT pg_sleep(%d)".formatted(seconds));
    }

    private static Database.Body<Object> select(String sql) {
        return db -> read(db, sql);
    }

    private static long read(DbExecute db, String sql) {
        return db.createNamedQuery("test", sql).execute().count();
    }

    private long activeStatements() {
        return database.plain(db ->
                read(
                        db,
                        """
                        SELECT 1 FROM pg_stat_activity
                        WHERE state = 'active' AND pid <> pg_backend_pid()
                          AND datname = current_database()
                        """));
    }
}
