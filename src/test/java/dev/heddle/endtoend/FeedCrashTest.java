package dev.heddle.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.db.embedded.EmbeddedPostgres;
import dev.heddle.testing.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two gateways on one database are killed in turn, each at another step of publishing and
/// sequencing, and the database as well. Publishers repeat what was not acknowledged, with its
/// request id. Subscribers go on from their tokens, at another gateway and over another framing.
///
/// `-Dheddle.crash.rounds=32` kills more often than usual.
@Timeout(900)
final class FeedCrashTest {
    private static final int ROUNDS = Integer.getInteger("heddle.crash.rounds", 8);
    private static final List<CrashStep> STEPS = List.of(CrashStep.values());
    private static final int GATEWAYS = 2;
    private static final int PUBLISHERS = 3;
    private static final String TOPIC = "crash";
    private static final String LAST = "last";

    /// How many events have to be acknowledged between two crashes.
    private static final int PROGRESS = 30;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path directory = newDirectory();
    private final EmbeddedPostgres server = start(directory);
    private final TestPostgres.Database postgres = TestPostgres.database(server);
    private final AtomicReferenceArray<@Nullable HeddleProcess> gateways =
            new AtomicReferenceArray<>(GATEWAYS);
    private final AtomicInteger turn = new AtomicInteger();
    private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
    private final AtomicInteger repeated = new AtomicInteger();
    private final CountDownLatch enough = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private static Path newDirectory() {
        try {
            return TestPostgres.newDirectory();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// A server that can be asked to wait for a standby.
    private static EmbeddedPostgres start(Path directory) {
        var usual = TestPostgres.settings();
        try {
            return EmbeddedPostgres.start(
                    directory,
                    new EmbeddedPostgres.Settings(
                            usual.port(),
                            usual.maxConnections(),
                            usual.startTimeout(),
                            usual.stopTimeout(),
                            Map.of("max_wal_senders", "2"),
                            usual.programs()));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void end() throws IOException {
        enough.countDown();
        threads.shutdownNow();
        for (var i = 0; i < GATEWAYS; i++) {
            var gateway = gateways.get(i);
            if (gateway != null) {
                gateway.close();
            }
        }
        server.close();
        try (var paths = Files.walk(directory)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void subscribersSeeEachAcknowledgedEventOnceInOrder() throws Exception {
        prepare();
        var subscribers =
                Stream.of(FeedSubscriber.Framing.values())
                        .map(framing -> new FeedSubscriber(TOPIC, LAST, framing, this::anyGateway))
                        .toList();
        var subscribing = subscribers.stream().map(each -> threads.submit(each::run)).toList();
        var publishing =
                IntStream.range(0, PUBLISHERS)
                        .mapToObj(i -> threads.submit(() -> publish("p" + i)))
                        .toList();

        for (var round = 0; round < ROUNDS; round++) {
            awaitProgress();
            var step = round % (STEPS.size() + 1);
            if (step == STEPS.size()) {
                killPostgres();
            } else {
                killGatewayAt(STEPS.get(step));
            }
        }
        awaitProgress();
        enough.countDown();
        for (var each : publishing) {
            each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        publishOne(LAST);
        for (var each : subscribing) {
            each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }

        System.out.printf(
                "feed crash: %d rounds, %d events, %d repeated requests, streams of subscribers %s%n",
                ROUNDS,
                acknowledged.size(),
                repeated.get(),
                subscribers.stream().map(FeedSubscriber::streams).toList());
        var log = log();
        assertThat(log).doesNotHaveDuplicates().containsAll(acknowledged.keySet());
        assertThat(log).hasSameSizeAs(acknowledged.keySet());
        for (var i = 0; i < PUBLISHERS; i++) {
            var publisher = "p" + i + "-";
            assertThat(log.stream().filter(key -> key.startsWith(publisher)).toList())
                    .isSortedAccordingTo(
                            Comparator.comparingInt(
                                    key -> Integer.parseInt(key.substring(publisher.length()))));
        }
        for (var subscriber : subscribers) {
            assertThat(subscriber.keys()).isEqualTo(log);
        }
    }

    private void prepare() throws Exception {
        try (var connection = postgres.connect();
                var statement = connection.createStatement()) {
            for (var i = 0; i < GATEWAYS; i++) {
                statement.execute(
                        "CREATE ROLE %s%d LOGIN SUPERUSER PASSWORD 'secret'"
                                .formatted(CrashStep.ROLE, i));
            }
            serve(0);
            CrashStep.prepare(connection);
            serve(1);
        }
    }

    private Void serve(int number) throws Exception {
        gateways.set(
                number,
                HeddleProcess.serve(
                        Files.createDirectories(Path.of("target", "gateways", "crash-" + number)),
                        Map.of(
                                "HEDDLE_DB_URL",
                                postgres.jdbcUrl(),
                                "HEDDLE_DB_USERNAME",
                                CrashStep.ROLE + number,
                                "HEDDLE_DB_PASSWORD",
                                "secret"),
                        List.of("-Xmx160m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")));
        return null;
    }

    /// One that runs, another each time if there are several.
    private HeddleProcess anyGateway() {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            var gateway = gateways.get(turn.getAndIncrement() % GATEWAYS);
            if (gateway != null && gateway.isAlive()) {
                return gateway;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("no gateway runs");
    }

    private Void publish(String name) throws Exception {
        for (var i = 1; enough.getCount() > 0; i++) {
            publishOne(name + "-" + i);
        }
        return null;
    }

    /// Publishes an event, as often as it takes until a gateway says that it did.
    private void publishOne(String key) throws InterruptedException {
        var target = "/v1/topics/%s/events?requestId=%s".formatted(TOPIC, key);
        var json = "{\"type\":\"test.happened\",\"key\":\"%s\",\"payload\":{}}".formatted(key);
        var end = System.nanoTime() + PATIENCE.toNanos();
        for (var attempt = 0; System.nanoTime() < end; attempt++) {
            var gateway = anyGateway();
            repeated.addAndGet(attempt == 0 ? 0 : 1);
            try (var client = gateway.client()) {
                var response = client.post(target, json);
                if (response.statusCode() == 200) {
                    acknowledged.put(key, key);
                    return;
                }
                assertThat(response.statusCode()).as(response.body()).isGreaterThanOrEqualTo(429);
                // it has no database just now
                var _ = enough.await(50, TimeUnit.MILLISECONDS);
            } catch (IOException _) {
                // the gateway is gone, and nobody knows what it did
            }
        }
        throw new AssertionError(key + " could not be published");
    }

    private void awaitProgress() throws InterruptedException {
        var goal = acknowledged.size() + PROGRESS;
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (acknowledged.size() < goal) {
            assertThat(System.nanoTime()).as("%d acknowledged", goal).isLessThan(end);
            var _ = enough.await(10, TimeUnit.MILLISECONDS);
        }
    }

    private void killGatewayAt(CrashStep step) throws Exception {
        int number;
        try (var hand = new CrashStep.Hand(postgres.connect(), postgres.connect())) {
            hand.locks().setAutoCommit(false);
            step.hold(hand);
            number = Integer.parseInt(step.await(hand).substring(CrashStep.ROLE.length()));
            kill(number);
        }
        System.out.printf("feed crash: gateway %d %s%n", number, step);
        serve(number);
    }

    private void kill(int number) throws InterruptedException {
        var gateway = gateways.getAndSet(number, null);
        assertThat(gateway).isNotNull();
        gateway.kill();
    }

    /// Kills the server process and all that it started.
    private void killPostgres() throws Exception {
        var postmaster = ProcessHandle.of(server.pid()).orElseThrow();
        var killed = new ArrayList<>(List.of(postmaster));
        killed.addAll(postmaster.descendants().toList());
        killed.forEach(ProcessHandle::destroyForcibly);
        System.out.printf("feed crash: PostgreSQL, %d processes%n", killed.size());
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (tryToConnect().isEmpty()) {
            assertThat(System.nanoTime()).as("PostgreSQL is back").isLessThan(end);
            var _ = enough.await(50, TimeUnit.MILLISECONDS);
        }
    }

    private Optional<Boolean> tryToConnect() {
        try (Connection connection = postgres.connect()) {
            return Optional.of(connection.isValid(1)).filter(Boolean::booleanValue);
        } catch (SQLException _) {
            return Optional.empty();
        }
    }

    private List<String> log() throws SQLException {
        var keys = new ArrayList<String>();
        try (var connection = postgres.connect();
                var statement = connection.createStatement();
                var rows =
                        statement.executeQuery(
                                "SELECT key FROM event WHERE topic = '%s' ORDER BY seq"
                                        .formatted(TOPIC))) {
            while (rows.next()) {
                keys.add(rows.getString(1));
            }
        }
        return keys;
    }
}
