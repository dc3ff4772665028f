package dev.heddle.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.TestGateway;
import dev.heddle.dashboard.v1.Dashboard;
import dev.heddle.dashboard.v1.DashboardServiceGrpc;
import dev.heddle.dashboard.v1.GetDashboardRequest;
import dev.heddle.dashboard.v1.WatchDashboardRequest;
import dev.heddle.testing.GatewayCalls;
import dev.heddle.testing.GatewayTest;
import dev.heddle.testing.TestPostgres;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The dashboard over gRPC and as somebody with curl sees it.
@Timeout(60)
final class DashboardTest extends GatewayTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final GatewayCalls calls;

    DashboardTest(URI gateway) {
        calls = new GatewayCalls(gateway, token());
    }

    @AfterEach
    void close() {
        calls.close();
        awaitNoActiveCalls();
    }

    @Test
    void bothShowTheSame() throws Exception {
        order(calls);

        var byGrpc = get(calls);
        var byHttp = JSON.readTree(calls.get("/v1/dashboard").body());

        assertThat(byGrpc.getProducts()).isPositive();
        assertThat(byHttp.get("etag").asText()).isEqualTo(byGrpc.getEtag());
        assertThat(byHttp.at("/latestOrders/0/id").asText())
                .isEqualTo(byGrpc.getLatestOrders(0).getId());
        assertThat(byHttp.at("/users").asText()).isEqualTo("0");
        assertThat(byHttp.at("/hours/0/orders").asText()).isEqualTo("0");
        assertThat(byHttp.at("/orders/0/state").asText()).isEqualTo("STATE_PLACED");
    }

    @Test
    void watchMovesAfterAnOrderByGrpc() throws Exception {
        var stream =
                calls.stream(
                        DashboardServiceGrpc.getWatchDashboardMethod(),
                        WatchDashboardRequest.getDefaultInstance());
        assertThat(stream.next().hasDashboard()).isTrue();

        var order = order(calls);

        while (true) {
            var message = stream.next();
            if (message.getDashboard().getLatestOrders(0).getId().equals(order)) {
                assertThat(message.getToken()).isEqualTo(message.getDashboard().getEtag());
                break;
            }
        }
    }

    @Test
    void watchMovesAfterAnOrderAndGoesOnByServerSentEvents() throws Exception {
        String seen;
        try (var stream = calls.events("/v1/dashboard:watch", "")) {
            assertThat(JSON.readTree(stream.next().data()).has("dashboard")).isTrue();
            var order = order(calls);
            var event = stream.next();
            while (!latest(event.data()).equals(order)) {
                event = stream.next();
            }
            assertThat(event.id()).isNotEmpty();
            seen = get(calls).getEtag();
        }
        try (var stream = calls.events("/v1/dashboard:watch", seen)) {
            assertThat(JSON.readTree(stream.next().data()).has("bookmark")).isTrue();
            var order = order(calls);
            while (!latest(stream.next().data()).equals(order)) {}
        }
    }

    @Test
    void gatewayThatStopsSaysGoodbyeToWhoWatches() throws Exception {
        try (var other = TestGateway.open(TestPostgres.createDatabase()).start();
                var there =
                        new GatewayCalls(
                                URI.create("http://127.0.0.1:" + other.port()), other.token())) {
            var stream =
                    there.stream(
                            DashboardServiceGrpc.getWatchDashboardMethod(),
                            WatchDashboardRequest.getDefaultInstance());
            var token = stream.next().getToken();

            var closing = CompletableFuture.runAsync(other::close);

            var bye = stream.next();
            assertThat(bye.hasBye()).isTrue();
            assertThat(bye.getToken()).isEqualTo(token);
            assertThatThrownBy(stream::next)
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            e -> assertThat(e.getStatus().getCode()).isEqualTo(Code.UNAVAILABLE));
            closing.get(30, TimeUnit.SECONDS);
        }
    }

    private static Dashboard get(GatewayCalls calls) {
        return calls.grpc(
                DashboardServiceGrpc.getGetDashboardMethod(),
                GetDashboardRequest.getDefaultInstance());
    }

    private static String latest(String json) throws Exception {
        return JSON.readTree(json).at("/dashboard/latestOrders/0/id").asText();
    }

    private static String order(GatewayCalls calls) throws Exception {
        var product =
                post(
                                calls,
                                "/v1/products",
                                """
                                {"name": "Chair", "stock": 9,
                                 "price": {"currency_code": "EUR", "units": 5}}
                                """)
                        .get("id")
                        .asText();
        return post(
                        calls,
                        "/v1/orders",
                        """
                        {"user": "ada", "lines": [{"product": "%s", "quantity": 2}]}
                        """
                                .formatted(product))
                .get("id")
                .asText();
    }

    private static JsonNode post(GatewayCalls calls, String target, String json) throws Exception {
        return JSON.readTree(calls.send("POST", target, json).body());
    }
}
