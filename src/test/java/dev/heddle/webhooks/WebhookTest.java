package dev.heddle.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.heddle.TestGateway;
import dev.heddle.testing.Await;
import dev.heddle.testing.GatewayCalls;
import dev.heddle.testing.JobCalls;
import dev.heddle.testing.TestPostgres;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Webhooks as those see them who enqueue and who receive them.
@Timeout(60)
final class WebhookTest {
    private static final String SECRET = "a secret of some length";
    private static final TestGateway GATEWAY = open();
    private static final GatewayCalls CALLS =
            new GatewayCalls(URI.create("http://127.0.0.1:" + GATEWAY.port()), GATEWAY.token());
    private static final JobCalls JOBS = new JobCalls(CALLS);

    private Receiver receiver;

    private static TestGateway open() {
        try {
            return TestGateway.open(
                            TestPostgres.createDatabase(),
                            Map.of(
                                    "webhook.secret", SECRET,
                                    "webhook.allow-private", "true",
                                    "webhook.timeout", "2s",
                                    "jobs.first-pause", "20ms",
                                    "jobs.last-pause", "1500ms",
                                    "jobs.max-attempts", "3"))
                    .start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void start() throws Exception {
        receiver = Receiver.start();
    }

    @AfterEach
    void stop() {
        receiver.close();
    }

    @AfterAll
    static void close() {
        CALLS.close();
        GATEWAY.close();
    }

    private JsonNode run(String body) throws Exception {
        return JOBS.run("webhook", payload(receiver.port(), body));
    }

    private static String payload(int port, String body) {
        return "{\"url\": \"http://127.0.0.1:%d/hook?a=%%2F\", \"body\": %s}".formatted(port, body);
    }

    @Test
    void receiverGetsTheBodyAndCanTellWhoSentIt() throws Exception {
        var job = run("{\"order\": \"Zürich\", \"lines\": [1, 2]}");

        assertThat(job.get("state").asText()).isEqualTo("SUCCEEDED");
        assertThat(job.at("/result/status").asInt()).isEqualTo(204);
        assertThat(receiver.received()).hasSize(1);
        var request = receiver.received().getFirst();
        assertThat(request.target()).isEqualTo("/hook?a=%2F");
        assertThat(request.body().toStringUtf8()).contains("Zürich");
        assertThat(request.headers().getFirst("Content-Type")).isEqualTo("application/json");
        assertThat(request.headers().getFirst("Heddle-Job")).isEqualTo(job.get("id").asText());
        assertThat(request.headers().getFirst("Heddle-Attempt")).isEqualTo("1");
        checkSignature(request);
    }

    /// As a receiver would.
    private static void checkSignature(Receiver.Received request) throws Exception {
        var parts = request.headers().getFirst("Heddle-Signature").split("[=,]");
        assertThat(parts).hasSize(4);
        assertThat(Instant.ofEpochSecond(Long.parseLong(parts[1])))
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        mac.update((parts[1] + ".").getBytes(StandardCharsets.UTF_8));
        assertThat(parts[3])
                .isEqualTo(HexFormat.of().formatHex(mac.doFinal(request.body().toByteArray())));
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 503})
    void failureThatMayPassIsTriedAgain(int status) throws Exception {
        receiver.answerWith(answer -> answer.number() < 3 ? answer.status(status) : answer);

        var job = run("{}");

        assertThat(job.get("state").asText()).isEqualTo("SUCCEEDED");
        assertThat(receiver.received())
                .extracting(request -> request.headers().getFirst("Heddle-Attempt"))
                .containsExactly("1", "2", "3");
        assertThat(job.at("/attempts/0/error/message").asText()).contains("status " + status);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 307, 400, 401, 404, 410})
    void refusalIsFinalAndARedirectionIsOne(int status) throws Exception {
        receiver.answerWith(answer ->
                answer.status(status)
                        .header("Location", "http://127.0.0.1:%d/x".formatted(receiver.port())));

        var job = run("{}");

        assertThat(job.get("state").asText()).isEqualTo("FAILED");
        assertThat(job.get("attempts")).hasSize(1);
        assertThat(receiver.received()).hasSize(1);
    }

    @Test
    void receiverIsLeftAloneForAsLongAsItAsks() throws Exception {
        receiver.answerWith(answer ->
                answer.number() == 1 ? answer.status(503).header("Retry-After", "1") : answer);
        var start = System.nanoTime();

        var job = run("{}");

        assertThat(job.get("state").asText()).isEqualTo("SUCCEEDED");
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isGreaterThan(Duration.ofMillis(990));
    }

    @Test
    void silentReceiverIsGivenUp() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var id = JOBS.enqueue("webhook", payload(silent.getLocalPort(), "{}"));
            try (var socket = silent.accept()) {
                // until it is closed
                assertThat(socket.getInputStream().readAllBytes()).isNotEmpty();
            }

            Await.until("an attempt", () -> !JOBS.get(id).path("attempts").isEmpty());
            assertThat(JOBS.get(id).at("/attempts/0/error/message").asText())
                    .contains("within 2000 ms");
            JOBS.cancel(id);
        }
    }

    @Test
    void cancellationClosesTheConnection() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            var id = JOBS.enqueue("webhook", payload(silent.getLocalPort(), "{}"));
            try (var socket = silent.accept()) {
                assertThat(socket.getInputStream().read()).isEqualTo('P');
                JOBS.cancel(id);
                assertThat(socket.getInputStream().readAllBytes()).isNotEmpty();
            }
            assertThat(JOBS.awaitEnd(id).get("state").asText()).isEqualTo("CANCELLED");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"url\": 1}",
                "{\"url\": \"ftp://example.com/\"}",
                "{\"url\": \"//example.com/\"}",
                "{\"url\": \"http:///x\"}",
                "{\"url\": \"http://user:password@example.com/\"}",
                "{\"url\": \"http://example.com/#x\"}",
                "{\"url\": \"http://example.com:0/\"}",
                "{\"url\": \"http://example.com:99999/\"}",
                "{\"url\": \"http://exa mple.com/\"}",
                "{\"url\": \"http://example.com/\", \"uri\": 1}"
            })
    void wrongPayloadIsRefusedAtOnce(String payload) throws Exception {
        var response = JOBS.tryToEnqueue("webhook", payload);

        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(response.body()).contains("job.payload");
    }
}
