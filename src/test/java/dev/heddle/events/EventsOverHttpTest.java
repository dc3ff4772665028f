package dev.heddle.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.testing.GatewayTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Events as somebody with curl sees them.
@Timeout(60)
final class EventsOverHttpTest extends GatewayTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final String topic = "http." + UUID.randomUUID();
    private final URI gateway;

    EventsOverHttpTest(URI gateway) {
        this.gateway = gateway;
    }

    @AfterEach
    void close() {
        client.shutdownNow();
    }

    /// A server-sent event.
    private record Sse(String id, JsonNode data) {}

    /// A stream of them.
    private final class Stream implements AutoCloseable {
        private final BufferedReader lines;

        Stream(String target, String... headers) throws Exception {
            var request = request(target).header("accept", "text/event-stream");
            for (var i = 0; i < headers.length; i += 2) {
                request.header(headers[i], headers[i + 1]);
            }
            var response = client.send(request.build(), BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            lines =
                    new BufferedReader(
                            new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        }

        Sse next() throws Exception {
            var id = "";
            while (true) {
                var line = Objects.requireNonNull(lines.readLine(), "the stream ended");
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    return new Sse(id, JSON.readTree(line.substring(6)));
                }
            }
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    @Test
    void publishedEventComesAsServerSentEventAndLastEventIdGoesOn() throws Exception {
        var token =
                post(
                                "/v1/topics/%s/events".formatted(topic),
                                "{\"type\":\"a\",\"payload\":{\"n\":1}}")
                        .get("token")
                        .asText();
        post("/v1/topics/%s/events".formatted(topic), "{\"type\":\"b\",\"key\":\"k\"}");

        Sse first;
        try (var stream = new Stream("/v1/topics/%s/events?from=earliest".formatted(topic))) {
            assertThat(stream.next().data().has("bookmark")).isTrue();
            first = stream.next();
            assertThat(first.data().at("/event/type").asText()).isEqualTo("a");
            assertThat(first.data().at("/event/payload/n").asInt()).isEqualTo(1);
            assertThat(first.data().at("/token").asText()).isEqualTo(first.id());
        }
        try (var stream =
                new Stream(
                        "/v1/topics/%s/events?from=earliest".formatted(topic),
                        "last-event-id",
                        first.id())) {
            assertThat(stream.next().id()).isEqualTo(first.id());
            assertThat(stream.next().data().at("/event/key").asText()).isEqualTo("k");
        }
        try (var stream = new Stream("/v1/topics/%s/events?from=%s".formatted(topic, token))) {
            stream.next();
            assertThat(stream.next()).isEqualTo(first);
        }
    }

    @Test
    void subscriberSelectsByPatternTypeAndKey() throws Exception {
        try (var stream =
                new Stream(
                        "/v1/events:subscribe?topics=%s.*&types=wanted&keys=k&keys=l"
                                .formatted(topic))) {
            stream.next();
            publish(topic + ".a", "wanted", "k");
            publish(topic + ".a", "other", "k");
            publish(topic + ".b", "wanted", "m");
            publish(topic, "wanted", "k");
            publish(topic + ".b", "wanted", "l");

            assertThat(stream.next().data().at("/event/key").asText()).isEqualTo("k");
            assertThat(stream.next().data().at("/event/key").asText()).isEqualTo("l");
        }
    }

    @Test
    void lastEventsOfEachKeySufficeWhereTheSubscriberSaysSo() throws Exception {
        var requests = new StringBuilder();
        for (var i = 0; i < 100; i++) {
            requests.append(
                    "%s{\"event\":{\"topic\":\"%s\",\"type\":\"t\",\"key\":\"%d\",\"payload\":{\"n\":%d}}}"
                            .formatted(i == 0 ? "" : ",", topic, i % 2, i));
        }
        post("/v1/events:batchPublish", "{\"requests\":[%s]}".formatted(requests));
        awaitTopic();

        try (var stream =
                new Stream("/v1/topics/%s/events?last=100&coalesce=true".formatted(topic))) {
            stream.next();
            assertThat(stream.next().data().at("/event/payload/n").asInt()).isEqualTo(98);
            assertThat(stream.next().data().at("/event/payload/n").asInt()).isEqualTo(99);
        }
    }

    @Test
    void topicsAreListedAndFound() throws Exception {
        publish(topic, "t", "1");
        publish(topic, "t", "2");
        awaitTopic();

        var found = get("/v1/topics/" + topic).body();
        assertThat(JSON.readTree(found).get("name").asText()).isEqualTo(topic);
        assertThat(get("/v1/topics?page_size=1000").body()).contains(topic);
        assertThat(get("/v1/topics/" + topic + ".none").body()).contains("TOPIC_NOT_FOUND");
    }

    @Test
    void repeatedPublishWithItsIdChangesNothing() throws Exception {
        var target = "/v1/topics/%s/events?request_id=%s".formatted(topic, UUID.randomUUID());
        var first = post(target, "{\"type\":\"t\",\"key\":\"1\"}");

        assertThat(post(target, "{\"type\":\"t\",\"key\":\"1\"}")).isEqualTo(first);

        publish(topic, "t", "2");
        try (var stream = new Stream("/v1/topics/%s/events?from=earliest".formatted(topic))) {
            stream.next();
            assertThat(stream.next().data().at("/event/key").asText()).isEqualTo("1");
            assertThat(stream.next().data().at("/event/key").asText()).isEqualTo("2");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    /v1/topics/x/events?from=1            | not a token
                    /v1/topics/x/events?from=1:1:00000000 | not a token
                    /v1/events:subscribe                  | no topic
                    /v1/events:subscribe?topics=a*b       | a*b
                    /v1/topics/x/events?last=-1           | last
                    """)
    void subscriptionThatCannotBeReadIsRefused(String target, String expected) throws Exception {
        var response = get(target);
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains(expected);
    }

    @Test
    void eventThatIsTooLongIsRefused() throws Exception {
        var response =
                send(
                        "/v1/topics/%s/events".formatted(topic),
                        "{\"type\":\"t\",\"payload\":{\"text\":\"%s\"}}"
                                .formatted("x".repeat(300_000)));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("EVENT_TOO_LARGE", "at most 262144");
    }

    private void publish(String to, String type, String key) throws Exception {
        post(
                "/v1/topics/%s/events".formatted(to),
                "{\"type\":\"%s\",\"key\":\"%s\"}".formatted(type, key));
    }

    /// Waits until what was published is in the log.
    private void awaitTopic() throws Exception {
        try (var stream = new Stream("/v1/topics/%s/events?from=earliest".formatted(topic))) {
            stream.next();
            stream.next();
        }
    }

    private JsonNode post(String target, String json) throws Exception {
        var response = send(target, json);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private HttpResponse<String> send(String target, String json) throws Exception {
        return client.send(
                request(target)
                        .header("content-type", "application/json")
                        .POST(BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String target) throws Exception {
        return client.send(request(target).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(gateway.resolve(target))
                .timeout(Duration.ofSeconds(30))
                .header("authorization", "Bearer " + token());
    }
}
