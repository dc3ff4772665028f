package dev.heddle.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.heddle.TestGateway;
import dev.heddle.documents.v1.CreateDocumentRequest;
import dev.heddle.documents.v1.DocumentServiceGrpc;
import dev.heddle.events.v1.Event;
import dev.heddle.events.v1.EventServiceGrpc;
import dev.heddle.events.v1.PublishRequest;
import dev.heddle.http.helidon.RawClient;
import dev.heddle.jobs.v1.EnqueueJobRequest;
import dev.heddle.jobs.v1.Job;
import dev.heddle.jobs.v1.JobServiceGrpc;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.Calls;
import dev.heddle.testing.GatewayCalls;
import dev.heddle.testing.TestPostgres;
import io.grpc.Status.Code;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Each bad request gets its precise error, from the whole gateway, and leaves nothing behind.
@Timeout(60)
@TestInstance(Lifecycle.PER_CLASS)
final class BadInputTest {
    private static final int MAX_BODY = 64 << 10;

    private final TestGateway gateway = open();

    private static TestGateway open() {
        try {
            return TestGateway.open(
                            TestPostgres.createDatabase(),
                            Map.of(
                                    "server.max-body-size", Integer.toString(MAX_BODY),
                                    "server.max-header-size", "2KiB",
                                    "server.max-prologue-size", "1KiB",
                                    "server.header-timeout", "500ms",
                                    "server.body-timeout", "500ms"))
                    .start();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        var end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (gateway.activeCalls() + gateway.busyConnections() > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(gateway.activeCalls()).as("active calls").isZero();
        assertThat(gateway.busyConnections()).as("busy connections").isZero();
        assertThat(exchange(request("GET", "/v1/users?page_size=1", "", "")).status())
                .as("status of a good request after it")
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ | 400 | 3 | it ends too early",
                "`` | 400 | 3 | ",
                "nonsense | 400 | 3 | malformed JSON",
                "{\"email\":\"a@example.com\",} | 400 | 3 | malformed JSON",
                "{\"email\":\"a@example.com\"}{} | 400 | 3 | malformed JSON",
                "[] | 400 | 3 | ",
                "null | 400 | 3 | ",
                "\"text\" | 400 | 3 | ",
                "{\"email\":1,\"name\":\"A\"} | 400 | 3 | email",
                "{\"email\":\"a@example.com\",\"name\":[\"A\"]} | 400 | 3 | name",
                "{\"email\":\"a@example.com\",\"name\":\"A\",\"state\":\"ASLEEP\"} | 400 | 3 | state",
                "{\"email\":\"a@example.com\",\"name\":\"A\",\"createTime\":\"soon\"} | 400 | 3 | create_time",
                "{\"emial\":\"a@example.com\",\"name\":\"A\"} | 400 | 3 | nearest: email",
                "{\"email\":\"a@example.com\",\"email\":\"b@example.com\"} | 400 | 3 | twice",
                "{\"email\":\"nobody\",\"name\":\"A\"} | 400 | 3 | email",
                "{\"email\":\"a@example.com\",\"name\":\"A\\u0000B\"} | 400 | 3 | ",
                "{\"email\":\"a@example.com\",\"name\":\"A\\ud800B\"} | 400 | 3 | "
            })
    void badJsonIsRefused(String body, int status, int code, @Nullable String message)
            throws IOException {
        var response =
                exchange(request("POST", "/v1/users", "Content-Type: application/json", body));

        assertRefused(response, status, code);
        if (message != null) {
            assertThat(response.text()).contains(message);
        }
    }

    /// Protobuf has numbers that JSON lacks, and a caller of gRPC can send them.
    @Test
    void numberThatIsNotFiniteIsRefusedInFreeContent() {
        var content =
                Struct.newBuilder()
                        .putFields("a", Value.newBuilder().setNumberValue(Double.NaN).build())
                        .build();
        try (var calls =
                new GatewayCalls(
                        URI.create("http://127.0.0.1:" + gateway.port()), gateway.token())) {
            var failures =
                    List.of(
                            Calls.failure(() ->
                                    calls.grpc(
                                            DocumentServiceGrpc.getCreateDocumentMethod(),
                                            CreateDocumentRequest.newBuilder()
                                                    .setCollection("c")
                                                    .setContent(content)
                                                    .build())),
                            Calls.failure(() ->
                                    calls.grpc(
                                            EventServiceGrpc.getPublishMethod(),
                                            PublishRequest.newBuilder()
                                                    .setEvent(
                                                            Event.newBuilder()
                                                                    .setTopic("t")
                                                                    .setType("t")
                                                                    .setPayload(content))
                                                    .build())),
                            Calls.failure(() ->
                                    calls.grpc(
                                            JobServiceGrpc.getEnqueueJobMethod(),
                                            EnqueueJobRequest.newBuilder()
                                                    .setJob(
                                                            Job.newBuilder()
                                                                    .setType("email")
                                                                    .setPayload(content))
                                                    .build())));
            assertThat(failures).extracting(RpcException::code).containsOnly(Code.INVALID_ARGUMENT);
        }
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() throws IOException {
        var body = "{\"email\":\"a@example.com\",\"name\":\"\u00c3(\"}";

        var response =
                exchange(request("POST", "/v1/users", "Content-Type: application/json", body));

        assertRefused(response, 400, 3);
        assertThat(response.text()).contains("not UTF-8");
    }

    @Test
    void nestingWithoutEndIsRefused() throws IOException {
        for (var body : new String[] {"{\"name\":" + "[".repeat(50_000), "[".repeat(50_000)}) {
            var response =
                    exchange(request("POST", "/v1/users", "Content-Type: application/json", body));

            assertRefused(response, 400, 3);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/users/%2F, 404, 5",
        "/v1/users%2F, 404, 5",
        "/v1/users/..%2F..%2Fhealth, 404, 5",
        "/v1/users/../users, 404, 5",
        "/v1/users/%2e%2e, 404, 5",
        "/v1//users, 404, 5",
        "/v1/users/%00, 404, 5",
        "/v1/users/%, 400, 3",
        "/v1/users/%4, 400, 3",
        "/v1/users/%zz, 400, 3",
        "/v1/users/%ff, 400, 3",
        "/v1/users/%C0%AF, 400, 3",
        "/v1/users/%ED%A0%80, 400, 3",
        "/v1/nothing, 404, 5",
        "/, 404, 5",
        "/v1/users?page_size=many, 400, 3",
        "/v1/users?page_size=99999999999, 400, 3",
        "/v1/users?page_size=-1, 400, 3",
        "/v1/users?page_sise=1, 400, 3",
        "/v1/users?page_token=forged, 400, 3",
        "/v1/users?filter=%22, 400, 3",
        "/v1/users?filter=name%3D%22%00%22, 400, 3",
        "/v1/users?order_by=password, 400, 3",
        "/v1/users?page_size=%zz, 400, 3",
        "/v1/users:export?after_id=%00, 400, 3"
    })
    void badTargetIsRefused(String target, int status, int code) throws IOException {
        assertRefused(exchange(request("GET", target, "", "")), status, code);
    }

    @Test
    void unknownParameterIsAnsweredWithTheNearest() throws IOException {
        var response = exchange(request("GET", "/v1/users?page_sise=1", "", ""));

        assertThat(response.text()).contains("page_sise", "nearest: page_size");
    }

    @Test
    void wrongMethodIsToldWhichAreRight() throws IOException {
        var response = exchange(request("PUT", "/v1/users", "", ""));

        assertRefused(response, 405, 12);
        assertThat(response.field("allow").orElseThrow()).contains("GET", "POST");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "nonsense", "*/*"})
    void wrongContentTypeIsRefused(String type) throws IOException {
        assertRefused(
                exchange(request("POST", "/v1/users", "Content-Type: " + type, "{}")), 415, 3);
    }

    @Test
    void unknownContentCodingIsRefused() throws IOException {
        var fields = "Content-Type: application/json\r\nContent-Encoding: br";

        assertRefused(exchange(request("POST", "/v1/users", fields, "{}")), 415, 3);
    }

    @Test
    void bodyThatIsNotTheGzipItClaimsToBeIsRefused() throws IOException {
        var fields = "Content-Type: application/json\r\nContent-Encoding: gzip";

        assertRefused(exchange(request("POST", "/v1/users", fields, "{}")), 400, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "text/html", "application/json;q=0"})
    void responseThatNobodyServesIsRefused(String accept) throws IOException {
        assertRefused(
                exchange(request("GET", "/v1/users?page_size=1", "Accept: " + accept, "")), 406, 3);
    }

    @Test
    void callerWithoutATokenIsRefused() throws IOException {
        for (var field : new String[] {"", "Authorization: Bearer x\r\n", "Authorization: \r\n"}) {
            assertRefused(
                    exchange("GET /v1/users HTTP/1.1\r\nhost: localhost\r\n" + field + "\r\n"),
                    401,
                    16);
        }
    }

    @Test
    void bodyBeyondItsBoundIsRefused() throws IOException {
        var fields = "Content-Type: application/json";

        assertRefused(
                exchange(request("POST", "/v1/users", fields, " ".repeat(MAX_BODY + 1))), 413, 8);
        assertRefused(
                exchange(
                        chunked()
                                + "%x\r\n%s\r\n0\r\n\r\n"
                                        .formatted(MAX_BODY + 1, " ".repeat(MAX_BODY + 1))),
                413,
                8);
    }

    @Test
    void headerBeyondItsBoundIsRefused() throws IOException {
        assertRefused(
                exchange(request("GET", "/v1/users", "X-Bomb: " + "x".repeat(4096), "")), 431, 8);
        assertRefused(
                exchange(request("GET", "/v1/users", "A: b\r\n".repeat(1000) + "C: d", "")),
                431,
                8);
        assertRefused(exchange(request("GET", "/" + "x".repeat(4096), "", "")), 414, 3);
    }

    @Test
    void requestThatStopsHalfwayIsRefusedInTime() throws IOException {
        assertRefused(exchange("GET /v1/users HTTP/1.1\r\nhost: localhost\r\nX-Half: "), 408, 4);
        assertRefused(exchange(head("POST", "/v1/users", "Content-Length: 100") + "{"), 408, 4);
        assertRefused(exchange(chunked() + "64\r\n{\"email\":"), 408, 4);
        assertRefused(exchange(chunked() + "1\r\n{\r\n"), 408, 4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1\r\n{}\r\n0\r\n\r\n",
                "zz\r\n{}\r\n0\r\n\r\n",
                "-1\r\n{}\r\n0\r\n\r\n",
                "\r\n{}\r\n0\r\n\r\n",
                "fffffffffffffffff\r\n{}\r\n0\r\n\r\n"
            })
    void chunksThatLieAboutTheirLengthAreRefused(String chunks) throws IOException {
        assertRefused(exchange(chunked() + chunks), 400, 3);
    }

    /// The client goes before it has sent what it announced: there is nobody to answer.
    @Test
    void requestWhoseClientGoesHalfwayLeavesNothing() throws IOException {
        for (var half :
                new String[] {
                    "GET /v1/us",
                    head("POST", "/v1/users", "Content-Length: 100") + "{\"email\":",
                    chunked() + "64\r\n{\"email\":"
                }) {
            try (var raw = new RawClient(gateway.port())) {
                raw.send(half);
            }
        }
    }

    private RawClient.Response exchange(String request) throws IOException {
        try (var raw = new RawClient(gateway.port())) {
            return raw.send(request).receive();
        }
    }

    private String request(String method, String target, String fields, String body) {
        var length =
                body.isEmpty() && method.equals("GET") ? "" : "Content-Length: " + body.length();
        return head(method, target, fields.isEmpty() ? length : join(fields, length)) + body;
    }

    private static String join(String fields, String length) {
        return length.isEmpty() ? fields : fields + "\r\n" + length;
    }

    private String chunked() {
        return head(
                "POST",
                "/v1/users",
                "Content-Type: application/json\r\nTransfer-Encoding: chunked");
    }

    private String head(String method, String target, String fields) {
        return "%s %s HTTP/1.1\r\nhost: localhost\r\nAuthorization: Bearer %s\r\n%s\r\n"
                .formatted(
                        method, target, gateway.token(), fields.isEmpty() ? "" : fields + "\r\n");
    }

    private static void assertRefused(RawClient.Response response, int status, int code) {
        var text =
                new String(
                        response.text().getBytes(StandardCharsets.ISO_8859_1),
                        StandardCharsets.UTF_8);
        assertThat(response.status()).as(text).isEqualTo(status);
        assertThat(response.field("content-type").orElseThrow()).startsWith("application/json");
        assertThat(text)
                .matches("(?s)\\{\"code\": ?%d,.*\"message\": ?\"[^\"].*}\\s*".formatted(code));
        assertThat(text)
                .doesNotContain(
                        "Exception", "at dev.heddle", "java.", "com.google.protobuf", "io.helidon");
    }
}
