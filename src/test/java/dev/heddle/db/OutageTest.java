package dev.heddle.db;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.rpc.RpcException;
import dev.heddle.testing.Calls;
import dev.heddle.testing.Link;
import dev.heddle.testing.TestPostgres;
import io.grpc.Status.Code;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The database goes away and comes back.
@Timeout(60)
final class OutageTest {
    private static final TestPostgres.Database POSTGRES = TestPostgres.createDatabase();

    private final Link link = link();
    private final Database database =
            Database.open(
                    TestSettings.of(link.through(POSTGRES), POSTGRES, 2),
                    new SimpleMeterRegistry());

    @AfterEach
    void everyConnectionIsBack() {
        assertThat(database.busyConnections()).isZero();
        database.close();
        link.close();
    }

    @Test
    void databaseThatIsDownIsUnavailableAfterTheWait() {
        ping();
        link.cut();

        assertUnavailable(Duration.ofSeconds(2));
    }

    @Test
    void databaseThatComesBackIsUsedAgain() {
        ping();
        link.cut();
        assertUnavailable(Duration.ofSeconds(2));

        link.mend();

        awaitPing();
    }

    @Test
    void databaseThatIsNotThereAtTheStartIsUsedOnceItIs() {
        link.cut();
        assertUnavailable(Duration.ofSeconds(2));

        link.mend();

        awaitPing();
    }

    @Test
    void statementInFlightFailsAsUnavailable() throws Exception {
        var begun = new CountDownLatch(1);
        var outcome =
                CompletableFuture.supplyAsync(() ->
                        Calls.failure(() ->
                                database.transaction(db -> {
                                    begun.countDown();
                                    return db.query("SELECT pg_sleep(30)").count();
                                })));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

        link.cut();

        assertThat(outcome.get(5, TimeUnit.SECONDS).code()).isEqualTo(Code.UNAVAILABLE);
        link.mend();
        awaitPing();
    }

    /// As when a cable is pulled, or a machine is gone without a word.
    @Test
    void statementFailsAsUnavailableWhenTheServerFallsSilent() {
        var settings =
                TestSettings.of(link.through(POSTGRES), POSTGRES, 1)
                        .withStatementTimeout(Duration.ofSeconds(1));
        try (var impatient = Database.open(settings, new SimpleMeterRegistry())) {
            var failure =
                    Calls.failure(() ->
                            impatient.transaction(db -> {
                                var _ = db.query("SELECT 1").count();
                                link.lose();
                                return db.query("SELECT 2").count();
                            }));

            assertThat(failure.code()).isEqualTo(Code.UNAVAILABLE);
        }
    }

    @Test
    void callersThatQueueDuringAnOutageAreToldOfTheOutage() {
        link.cut();
        assertUnavailable(Duration.ofSeconds(2));

        var outcomes =
                IntStream.range(0, 6)
                        .mapToObj(_ ->
                                CompletableFuture.supplyAsync(
                                        () -> Calls.failure(this::ping),
                                        Thread::startVirtualThread))
                        .toList();

        assertThat(outcomes)
                .allSatisfy(outcome ->
                        assertThat(outcome.get(5, TimeUnit.SECONDS).code())
                                .isEqualTo(Code.UNAVAILABLE));
    }

    private void assertUnavailable(Duration within) {
        var start = System.nanoTime();

        var failure = Calls.failure(this::ping);

        assertThat(failure.code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(failure.reason()).contains("DATABASE_UNAVAILABLE");
        assertThat(failure.message()).isEqualTo("the database is unavailable");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(within);
    }

    private void ping() {
        var _ = database.plain(db -> db.query("SELECT 1").count());
    }

    /// Each try waits by itself for as long as an acquisition may take.
    private void awaitPing() {
        var end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        while (true) {
            try {
                ping();
                return;
            } catch (RpcException e) {
                assertThat(System.nanoTime()).as("the database is back").isLessThan(end);
            }
        }
    }

    private static Link link() {
        try {
            return Link.to(POSTGRES);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
