package dev.heddle.orders;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.testing.GatewayCalls;
import dev.heddle.testing.GatewayTest;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Products and orders as somebody with curl sees them.
@Timeout(60)
final class StoreOverHttpTest extends GatewayTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final GatewayCalls calls;

    StoreOverHttpTest(URI gateway) {
        calls = new GatewayCalls(gateway, token());
    }

    @AfterEach
    void close() {
        calls.close();
    }

    @Test
    void productIsCreatedFoundChangedAndRemoved() throws Exception {
        var word = "w" + UUID.randomUUID().toString().replaceAll("[^a-f]", "") + "q";
        var created =
                post(
                        "/v1/products",
                        """
                        {"name": "%s chair", "stock": 3, "tags": ["garden"], "featured": true,
                         "price": {"currency_code": "EUR", "units": 19, "nanos": 500000000}}
                        """
                                .formatted(word));
        var target = "/v1/products/" + created.get("id").asText();

        assertThat(get(target)).isEqualTo(created);
        assertThat(get("/v1/products:search?query=" + word).at("/matches/0/product"))
                .isEqualTo(created);
        assertThat(get("/v1/products?filter=tags:garden%20AND%20price%20%3C%2020").at("/products"))
                .contains(created);
        assertThat(get("/v1/products:listFeatured").at("/products")).contains(created);
        assertThat(get("/v1/products:batchGet?ids=" + created.get("id").asText()).at("/products/0"))
                .isEqualTo(created);

        var changed = body(calls.send("PATCH", target, "{\"name\": \"Chair\"}"));
        assertThat(changed.get("name").asText()).isEqualTo("Chair");
        assertThat(changed.get("price")).isEqualTo(created.get("price"));
        assertThat(post(target + ":adjustStock", "{\"delta\": -2}").get("stock").asInt())
                .isEqualTo(1);
        assertThat(calls.send("DELETE", target, "").statusCode()).isEqualTo(200);
        assertThat(calls.get(target).statusCode()).isEqualTo(404);
    }

    @Test
    void orderGoesItsWayAndLosesItsRaceWithConflict() throws Exception {
        var product = product(2);
        var target = "/v1/orders?request_id=" + UUID.randomUUID();
        var json = order(product, 2);

        var placed = post(target, json);
        assertThat(placed.get("state").asText()).endsWith("PLACED");
        assertThat(placed.at("/total/units").asText()).isEqualTo("10");
        assertThat(post(target, json)).isEqualTo(placed);

        var refused = calls.send("POST", "/v1/orders", order(product, 1));
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("\"code\":10", "OUT_OF_STOCK", product);

        var id = placed.get("id").asText();
        assertThat(post("/v1/orders/%s:pay".formatted(id), "{}").get("state").asText())
                .endsWith("PAID");
        assertThat(calls.send("POST", "/v1/orders/%s:pay".formatted(id), "{}").statusCode())
                .isEqualTo(400);
        assertThat(post("/v1/orders/%s:ship".formatted(id), "{}"))
                .isEqualTo(get("/v1/orders/" + id));
        assertThat(
                        get("/v1/orders?user=%s&state=STATE_SHIPPED".formatted(product))
                                .at("/orders/0/id"))
                .isEqualTo(placed.get("id"));

        var another = post("/v1/orders", order(product(1), 1)).get("id").asText();
        assertThat(post("/v1/orders/%s:cancel".formatted(another), "{}").get("state").asText())
                .endsWith("CANCELLED");
    }

    @Test
    void watcherGetsTheStateThenTheChangesAndGoesOnBehindTheLast() throws Exception {
        var product = product(10);
        var first = post("/v1/orders", order(product, 1)).get("id").asText();
        var target = "/v1/orders:watch?snapshot=true&user=" + product;

        String token;
        try (var stream = calls.events(target, "")) {
            assertThat(JSON.readTree(stream.next().data()).at("/existing/id").asText())
                    .isEqualTo(first);
            assertThat(JSON.readTree(stream.next().data()).has("synced")).isTrue();
            assertThat(JSON.readTree(stream.next().data()).has("bookmark")).isTrue();
            post("/v1/orders", order(product(1), 1));
            var second = post("/v1/orders", order(product, 1)).get("id").asText();
            var event = stream.next();
            assertThat(JSON.readTree(event.data()).at("/placed/id").asText()).isEqualTo(second);
            token = event.id();
        }
        post("/v1/orders/%s:pay".formatted(first), "{}");
        post("/v1/orders/%s:ship".formatted(first), "{}");
        try (var stream = calls.events(target, token)) {
            assertThat(JSON.readTree(stream.next().data()).has("bookmark")).isTrue();
            assertThat(JSON.readTree(stream.next().data()).at("/paid/id").asText())
                    .isEqualTo(first);
            assertThat(JSON.readTree(stream.next().data()).at("/shipped/id").asText())
                    .isEqualTo(first);
        }
    }

    @Test
    void watcherOfAProductSeesItsStockSell() throws Exception {
        var product = product(10);
        try (var stream = calls.events("/v1/products:watch?snapshot=true&id=" + product, "")) {
            assertThat(JSON.readTree(stream.next().data()).at("/existing/stock").asInt())
                    .isEqualTo(10);
            assertThat(JSON.readTree(stream.next().data()).has("synced")).isTrue();
            assertThat(JSON.readTree(stream.next().data()).has("bookmark")).isTrue();
            var order = post("/v1/orders", order(product, 4)).get("id").asText();
            post("/v1/orders/%s:cancel".formatted(order), "{}");
            calls.send("PATCH", "/v1/products/" + product, "{\"name\": \"New\"}");

            assertThat(JSON.readTree(stream.next().data()).at("/stockChanged/stock").asInt())
                    .isEqualTo(6);
            assertThat(JSON.readTree(stream.next().data()).at("/stockChanged/stock").asInt())
                    .isEqualTo(10);
            assertThat(JSON.readTree(stream.next().data()).at("/updated/name").asText())
                    .isEqualTo("New");
        }
    }

    private String product(int stock) throws Exception {
        return post(
                        "/v1/products",
                        """
                        {"name": "Chair", "price": {"currency_code": "EUR", "units": 5}, "stock": %d}
                        """
                                .formatted(stock))
                .get("id")
                .asText();
    }

    /// The order of a user who is named after the product.
    private static String order(String product, int quantity) {
        return """
        {"user": "%1$s", "lines": [{"product": "%1$s", "quantity": %2$d}]}
        """
                .formatted(product, quantity);
    }

    private JsonNode post(String target, String json) throws Exception {
        return body(calls.send("POST", target, json));
    }

    private JsonNode get(String target) throws Exception {
        return body(calls.get(target));
    }

    private static JsonNode body(HttpResponse<String> response) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }
}
