package dev.heddle.facade.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.http.ExchangeHandler;
import dev.heddle.http.helidon.HelidonCarrier;
import dev.heddle.http.helidon.Settings;
import dev.heddle.rpc.Headers;
import io.helidon.webserver.WebServer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HealthTest {
    private final Health health = new Health();
    private final PrometheusMeterRegistry meters =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final WebServer server = start();

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void startsWhenItIsTold() throws Exception {
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
        assertThat(get("/health/started").statusCode()).isEqualTo(503);
        assertThat(get("/health/ready").statusCode()).isEqualTo(503);

        health.start();

        assertThat(get("/health/started").statusCode()).isEqualTo(200);
        var ready = get("/health/ready");
        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(ready.body()).isEqualTo("{\"status\":\"up\",\"checks\":{\"gateway\":\"ok\"}}\n");
    }

    @Test
    void isReadyWhileAllChecksPass() throws Exception {
        health.start();
        health.check("queue", () -> {});
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);

        health.check(
                "database",
                () -> {
                    throw new IOException("connection refused to db.internal");
                });

        var ready = get("/health/ready");
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body())
                .contains("\"database\":\"failed\"", "\"queue\":\"ok\"")
                .doesNotContain("db.internal");
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void waitsForNoCheckThatHangs() throws Exception {
        health.start();
        health.check("database", () -> new CountDownLatch(1).await());

        assertThat(get("/health/ready").body()).contains("\"database\":\"timed out\"");
    }

    @Test
    void checksAtMostOnceInAWhile() {
        var runs = new AtomicInteger();
        var check =
                new CachedCheck(
                        "counted",
                        runs::incrementAndGet,
                        Duration.ofSeconds(5),
                        Duration.ofHours(1));

        for (var i = 0; i < 100; i++) {
            assertThat(check.state()).isEqualTo(CachedCheck.State.OK);
        }
        assertThat(runs).hasValue(1);
    }

    @Test
    void isNotReadyWhileItStops() throws Exception {
        health.start();
        health.stop();

        assertThat(get("/health/ready").statusCode()).isEqualTo(503);
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void showsItsMeters() throws Exception {
        meters.counter("things").increment();

        var response = get("/metrics");
        assertThat(response.body()).contains("things_total 1.0");
        assertThat(response.headers().firstValue("content-type").orElseThrow())
                .startsWith("text/plain; version=0.0.4");
    }

    @Test
    void leavesOtherPathsToOthers() throws Exception {
        assertThat(get("/health").statusCode()).isEqualTo(404);
        assertThat(send("POST", "/health/live").statusCode()).isEqualTo(405);
    }

    private WebServer start() {
        var paths = new HashMap<String, ExchangeHandler>(health.handlers());
        paths.put("/metrics", new Metrics(meters));
        var timeout = Duration.ofSeconds(10);
        var settings =
                new Settings(
                        "127.0.0.1",
                        0,
                        100,
                        8 * 1024,
                        16 * 1024,
                        1024,
                        timeout,
                        timeout,
                        timeout,
                        timeout);
        var config = WebServer.builder().shutdownHook(false);
        var endpoints =
                new Endpoints(
                        paths, exchange -> exchange.respond(404, Headers.empty(), new byte[0]));
        new HelidonCarrier(settings, endpoints).attach(config, List.of());
        return config.build().start();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send("GET", path);
    }

    private HttpResponse<String> send(String method, String path) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                            .method(method, HttpRequest.BodyPublishers.noBody())
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
