package dev.heddle.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.TestGateway;
import dev.heddle.testing.Await;
import dev.heddle.testing.Link;
import dev.heddle.testing.TestPostgres;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The database goes away under a gateway, and comes back.
@Timeout(60)
final class OutageTest {
    private static final Duration ACQUIRE = Duration.ofSeconds(1);
    private static final Duration MARGIN = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Test
    void gatewayOutlivesAnOutage() throws Exception {
        var postgres = TestPostgres.createDatabase();
        try (var link = Link.to(postgres);
                var gateway = open(postgres, link);
                var client = client(gateway)) {
            assertThat(client.get("/v1/users").statusCode()).isEqualTo(200);
            assertThat(client.get("/health/ready").statusCode()).isEqualTo(200);

            link.cut();

            for (var target : new String[] {"/v1/users", "/v1/users:export"}) {
                var start = System.nanoTime();
                assertUnavailable(client.get(target));
                assertThat(Duration.ofNanos(System.nanoTime() - start))
                        .isLessThan(ACQUIRE.plus(MARGIN));
            }
            awaitStatus(client, "/health/ready", 503);
            assertThat(client.get("/health/live").statusCode()).isEqualTo(200);
            assertThat(client.get("/v1/echo/hello").statusCode()).isEqualTo(200);

            link.mend();

            awaitStatus(client, "/v1/users", 200);
            awaitStatus(client, "/health/ready", 200);
            Await.until("no busy connection", () -> gateway.busyConnections() == 0);
            assertThat(gateway.activeCalls()).isZero();
        }
    }

    private static TestGateway open(TestPostgres.Database postgres, Link link) throws Exception {
        return TestGateway.open(
                        postgres,
                        Map.of(
                                "db.url",
                                link.through(postgres),
                                "db.pool.acquire-timeout",
                                ACQUIRE.toMillis() + "ms",
                                "db.pool.validation-timeout",
                                "500ms"))
                .start();
    }

    private static GatewayClient client(TestGateway gateway) {
        return new GatewayClient(URI.create("http://127.0.0.1:" + gateway.port()), gateway.token());
    }

    private static void assertUnavailable(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(503);
        assertThat(response.body())
                .contains("\"code\":14", "DATABASE_UNAVAILABLE")
                .doesNotContain("Exception", "127.0.0.1", "Connection");
    }

    /// Each answer takes as long as an acquisition, or a check of the health is held to be fresh.
    private static void awaitStatus(GatewayClient client, String target, int status)
            throws Exception {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (client.get(target).statusCode() != status) {
            assertThat(System.nanoTime())
                    .as("%s answers %d, at last", target, status)
                    .isLessThan(end);
        }
    }
}
