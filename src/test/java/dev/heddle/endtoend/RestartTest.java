package dev.heddle.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.TestPostgres;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;

/// A gateway with its own PostgreSQL ends, well or badly, and starts again on its folder.
@Timeout(180)
@TestInstance(Lifecycle.PER_CLASS)
final class RestartTest {
    private static final int WRITERS = 4;
    private static final Pattern ID = Pattern.compile("\"id\": *\"([^\"]+)\"");

    private final Path data = newDirectory();

    private static Path newDirectory() {
        try {
            return TestPostgres.newDirectory();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterAll
    void delete() throws IOException {
        try (var paths = Files.walk(data)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    @Test
    void everyAcknowledgedUserSurvivesAKill() throws Exception {
        var acknowledged = new ConcurrentLinkedQueue<String>();
        var enough = new CountDownLatch(200);
        String token;
        long killed;
        try (var gateway = serve();
                var client = gateway.client();
                var writers = Executors.newVirtualThreadPerTaskExecutor()) {
            token = gateway.token();
            var number = new AtomicInteger();
            for (var i = 0; i < WRITERS; i++) {
                writers.execute(() -> createUntilItEnds(client, number, acknowledged, enough));
            }
            assertThat(enough.await(30, TimeUnit.SECONDS)).isTrue();
            killed = postgresPid();
            gateway.kill();
        }

        try (var gateway = serve();
                var client = gateway.client(token)) {
            assertThat(postgresPid()).isNotEqualTo(killed);
            var kept = client.stream("/v1/users:export", "text/csv").body();
            var ids =
                    new String(kept.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .map(line -> line.split(",", 2)[0])
                            .toList();
            assertThat(ids).hasSizeGreaterThan(200).containsAll(acknowledged);
        }
    }

    @Test
    void terminationEndsStreamsLetsUnaryCallsFinishAndStopsPostgres() throws Exception {
        try (var gateway = serve();
                var client = gateway.client()) {
            var postgres = postgresPid();
            assertThat(isRunning(postgres)).as("PostgreSQL runs").isTrue();
            var unary = client.postAsync("/v1/echo", "{\"message\":\"unary\",\"interval\":\"2s\"}");
            var stream =
                    client.stream(
                            "/v1/echo:stream?message=stream&count=1000&interval=0.5s",
                            "application/x-ndjson");
            var first = stream.body().read();

            var start = System.nanoTime();
            gateway.terminate();
            var outcome = gateway.await();

            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(20));
            assertThat(outcome.exitCode()).as("SIGTERM's").isEqualTo(128 + 15);
            assertThat(outcome.err()).doesNotContain("WARNING", "SEVERE", "at dev.heddle");
            assertThat(first).isEqualTo('{');
            assertThat(new String(stream.body().readAllBytes(), StandardCharsets.UTF_8))
                    .as("a stream is told why it ends")
                    .contains("\"index\":\"1\"", "\"code\":14", "\"reason\":\"STOPPING\"");
            var response = unary.get(1, TimeUnit.SECONDS);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).contains("unary");
            assertThat(isRunning(postgres)).as("PostgreSQL still runs").isFalse();
            assertThat(data.resolve("postgres/cluster/postmaster.pid")).doesNotExist();
        }
    }

    @Test
    void folderInUseIsRefusedInALine() throws Exception {
        try (var gateway = serve();
                var client = gateway.client()) {
            var second =
                    HeddleProcess.run(Map.of(), "serve", "--port", "0", "--data", data.toString());

            assertThat(second.exitCode()).isEqualTo(2);
            assertThat(second.err().lines()).hasSize(1);
            assertThat(second.err())
                    .startsWith("heddle serve: ")
                    .contains("in use by another Heddle, process " + gateway.pid())
                    .contains("expected: one Heddle a data directory");
            assertThat(client.get("/health/ready").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void tokenCommandPrintsAsItsLastLineATokenThatIsAccepted() throws Exception {
        var printed = HeddleProcess.run(Map.of(), "token", "--data", data.toString());
        assertThat(printed.exitCode()).isZero();
        var token = printed.out().lines().toList().getLast();

        try (var gateway = serve();
                var client = gateway.client(token);
                var stranger = gateway.client(token + "x")) {
            assertThat(client.get("/v1/users?page_size=1").statusCode()).isEqualTo(200);
            assertThat(stranger.get("/v1/users?page_size=1").statusCode()).isEqualTo(401);
        }
    }

    private HeddleProcess serve() throws Exception {
        return HeddleProcess.serve(data, Map.of(), List.of());
    }

    private long postgresPid() throws IOException {
        var file = data.resolve("postgres/cluster/postmaster.pid");
        return Long.parseLong(Files.readAllLines(file).getFirst().strip());
    }

    /// One that has ended and that nobody asked after, as in a container, does not run.
    private static boolean isRunning(long pid) throws IOException {
        var stat = Path.of("/proc", Long.toString(pid), "stat");
        return ProcessHandle.of(pid).isPresent()
                && !(Files.exists(stat) && Files.readString(stat).contains(") Z "));
    }

    private static void createUntilItEnds(
            GatewayClient client,
            AtomicInteger number,
            Queue<String> acknowledged,
            CountDownLatch enough) {
        try {
            while (true) {
                var response =
                        client.post(
                                "/v1/users",
                                "{\"email\":\"user%1$d@example.com\",\"name\":\"User %1$d\"}"
                                        .formatted(number.incrementAndGet()));
                if (response.statusCode() == 200) {
                    acknowledged.add(id(response));
                    enough.countDown();
                }
            }
        } catch (IOException | InterruptedException _) {
            // It was killed, which is the point.
        }
    }

    private static String id(HttpResponse<String> created) {
        var found = ID.matcher(created.body());
        assertThat(found.find()).as(created.body()).isTrue();
        return found.group(1);
    }
}
