package dev.heddle.endtoend;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.TestPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Of 200 subscribers 50 stop reading, while 6 MB are published for each.
@Timeout(180)
final class FeedSlowReadersTest {
    private static final int SUBSCRIBERS = 200;
    private static final int STALLED = 50;
    private static final int WARM_UP = 200;
    private static final int EVENTS = 700;
    private static final int PAYLOAD = 8 << 10;
    private static final long MAX_GROWTH_KILOBYTES = 20 << 10;
    private static final Pattern KEY = Pattern.compile("\"key\":\"(\\d+)-(\\d+)\"");
    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    private final TestPostgres.Database postgres = TestPostgres.createDatabase();

    @Test
    void stalledSubscribersCostNeitherTheOthersNorMemory() throws Exception {
        try (var gateway = serve();
                var client = gateway.client();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var subscribers = new ArrayList<Subscriber>();
            for (var i = 0; i < SUBSCRIBERS; i++) {
                subscribers.add(new Subscriber(gateway, i < STALLED));
            }
            var reading = subscribers.stream().map(each -> threads.submit(each::read)).toList();
            for (var number = 1; number <= WARM_UP; number++) {
                publish(client, number);
            }
            for (var each : subscribers) {
                assertThat(each.isWarm.await(60, TimeUnit.SECONDS)).isTrue();
            }
            var before = usedKilobytes(gateway);

            for (var number = WARM_UP + 1; number <= WARM_UP + EVENTS; number++) {
                publish(client, number);
            }
            for (var i = STALLED; i < SUBSCRIBERS; i++) {
                reading.get(i).get(60, TimeUnit.SECONDS);
            }
            var growth = usedKilobytes(gateway) - before;
            assertThat(subscribers.subList(0, STALLED))
                    .as("stalled")
                    .allMatch(each -> each.latencies.size() == WARM_UP);
            for (var each : subscribers) {
                each.wake.countDown();
            }
            for (var each : reading) {
                each.get(60, TimeUnit.SECONDS);
            }

            var others = subscribers.subList(STALLED, SUBSCRIBERS);
            System.out.printf(
                    "feed slow readers: p99 %.1f ms while all read, %.1f ms while %d don't; heap growth %d KB%n",
                    p99(others, 0, WARM_UP),
                    p99(others, WARM_UP, WARM_UP + EVENTS),
                    STALLED,
                    growth);
            assertThat(growth).isLessThan(MAX_GROWTH_KILOBYTES);
        }
    }

    private HeddleProcess serve() throws Exception {
        var folder = Files.createDirectories(Path.of("target", "gateways"));
        return HeddleProcess.serve(
                Files.createTempDirectory(folder, "data-"),
                Map.of(
                        "HEDDLE_DB_URL", postgres.jdbcUrl(),
                        "HEDDLE_DB_USERNAME", postgres.username(),
                        "HEDDLE_DB_PASSWORD", postgres.password(),
                        "HEDDLE_FEED_RING_EVENTS", "128"),
                List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError"));
    }

    private static void publish(GatewayClient client, int number) throws Exception {
        var response =
                client.post(
                        "/v1/topics/slow/events",
                        "{\"type\":\"t\",\"key\":\"%d-%d\",\"payload\":{\"p\":\"%s\"}}"
                                .formatted(number, System.nanoTime(), "x".repeat(PAYLOAD)));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    /// The heap in use after a collection.
    private static long usedKilobytes(HeddleProcess gateway) throws Exception {
        jcmd(gateway, "GC.run");
        var used = USED.matcher(jcmd(gateway, "GC.heap_info"));
        assertThat(used.find()).isTrue();
        return Long.parseLong(used.group(1));
    }

    private static String jcmd(HeddleProcess gateway, String command) throws Exception {
        var process =
                new ProcessBuilder(
                                HeddleProcess.program("jcmd"),
                                Long.toString(gateway.pid()),
                                command)
                        .start();
        var output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private static double p99(List<Subscriber> subscribers, int from, int to) {
        var sorted =
                subscribers.stream()
                        .flatMap(each -> each.latencies.subList(from, to).stream())
                        .sorted()
                        .toList();
        return sorted.get(sorted.size() * 99 / 100) / 1e6;
    }

    /// Reads events 1, 2, 3 and so on, and may stop for a while behind the warm-up.
    private static final class Subscriber {
        private final Socket socket = new Socket();
        private final boolean stalls;
        private final List<Long> latencies = new ArrayList<>();
        private final CountDownLatch isWarm = new CountDownLatch(1);
        private final CountDownLatch wake = new CountDownLatch(1);

        /// Connects, and waits for the header of the response.
        Subscriber(HeddleProcess gateway, boolean stalls) throws IOException {
            this.stalls = stalls;
            socket.setReceiveBufferSize(16 << 10);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port()));
            socket.getOutputStream()
                    .write(
                            """
                            GET /v1/topics/slow/events HTTP/1.1\r
                            Host: localhost\r
                            Accept: text/event-stream\r
                            Authorization: Bearer %s\r
                            \r
                            """
                                    .formatted(gateway.token())
                                    .getBytes(US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo('H');
        }

        Void read() throws Exception {
            try (socket;
                    var reader =
                            new BufferedReader(
                                    new InputStreamReader(socket.getInputStream(), UTF_8))) {
                while (latencies.size() < WARM_UP + EVENTS) {
                    var line = reader.readLine();
                    assertThat(line).isNotNull();
                    var key = KEY.matcher(line);
                    if (key.find()) {
                        latencies.add(System.nanoTime() - Long.parseLong(key.group(2)));
                        assertThat(Integer.parseInt(key.group(1))).isEqualTo(latencies.size());
                        if (latencies.size() == WARM_UP) {
                            isWarm.countDown();
                            if (stalls) {
                                assertThat(wake.await(120, TimeUnit.SECONDS)).isTrue();
                            }
                        }
                    }
                }
            }
            return null;
        }
    }
}
