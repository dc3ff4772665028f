package dev.heddle.facade.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.facade.Cors;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class StreamTest {
    private final TestGateway gateway =
            new TestGateway(new Settings(4096, Duration.ofMillis(100), Cors.Settings.DEFAULTS));

    @AfterEach
    void close() {
        gateway.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "application/x-ndjson", "text/html, application/*;q=0.5"})
    void linesEndWithALineThatSaysSo(String accept) {
        var response = gateway.get("/v1/echo:stream?message=a&count=2", "accept", accept);

        assertThat(response.body())
                .isEqualTo(
                        """
                        {"message":"a","index":"1"}
                        {"message":"a","index":"2"}
                        {"@end":{}}
                        """);
        assertThat(header(response, "content-type")).isEqualTo("application/x-ndjson");
        assertThat(header(response, "x-echo")).isEqualTo("1");
    }

    @Test
    void linesEndWithTheErrorOfAStreamThatFails() {
        assertThat(
                        post(
                                "{\"message\":\"a\",\"count\":1,\"error\":{\"code\":9,\"message\":\"m\"}}",
                                "*/*"))
                .isEqualTo(
                        """
                        {"message":"a","index":"1"}
                        {"@error":{"code":9,"message":"m","details":[]}}
                        """);
    }

    @Test
    void arrayIsClosedOnlyWhenItIsComplete() {
        var accept = "application/json;int64=number";
        assertThat(gateway.get("/v1/echo:stream?message=a&count=2", "accept", accept).body())
                .isEqualTo(
                        """
                        [
                        {"message":"a","index":1},
                        {"message":"a","index":2}
                        ]
                        """);
        assertThat(gateway.get("/v1/echo:stream", "accept", accept).body()).isEqualTo("[\n]\n");

        var failed =
                post("{\"message\":\"a\",\"count\":1,\"error\":{\"code\":9}}", "application/json");
        assertThat(failed)
                .isEqualTo(
                        """
                        [
                        {"message":"a","index":"1"},
                        {"@error":{"code":9,"message":"","details":[]}}
                        """);
    }

    @Test
    void eventsCarryIdsAndEndWithAnEvent() {
        var response =
                gateway.get("/v1/echo:stream?message=a&count=2", "accept", "text/event-stream");

        assertThat(response.body())
                .isEqualTo(
                        """
                        retry: 3000

                        id: 1
                        data: {"message":"a","index":"1"}

                        id: 2
                        data: {"message":"a","index":"2"}

                        event: end
                        data: {}

                        """);
        assertThat(header(response, "content-type")).isEqualTo("text/event-stream");
        assertThat(header(response, "cache-control")).isEqualTo("no-cache, no-transform");
        assertThat(header(response, "x-accel-buffering")).isEqualTo("no");
    }

    @Test
    void eventsEndWithTheErrorOfAStreamThatFails() {
        var body =
                post("{\"count\":1,\"error\":{\"code\":9,\"message\":\"m\"}}", "text/event-stream");

        assertThat(body)
                .endsWith(
                        "\n\nevent: error\ndata: {\"code\":9,\"message\":\"m\",\"details\":[]}\n\n");
    }

    @Test
    void delayOfAFailureIsTheRetryOfItsEvent() {
        var response =
                post(
                        "{\"count\":1,\"error\":{\"code\":14,\"message\":\"m\",\"details\":"
                                + "[{\"@type\":\"type.googleapis.com/google.rpc.RetryInfo\","
                                + "\"retryDelay\":\"1.250s\"}]}}",
                        "text/event-stream");

        assertThat(response).contains("\n\nretry: 1250\nevent: error\ndata: {\"code\":14,");
    }

    @Test
    void eventsGoOnBehindTheLastIdThatArrived() {
        var response =
                gateway.get(
                        "/v1/echo:stream?message=a&count=1",
                        "accept",
                        "text/event-stream",
                        "last-event-id",
                        "41");

        assertThat(response.body()).contains("id: 42\n");
    }

    @Test
    void silentStreamsStartAndShowThatTheyAreAlive() throws IOException {
        for (var expected :
                new String[][] {
                    {"text/event-stream", "retry: 3000", "", ":", "", ":"},
                    {"application/x-ndjson", "", ""},
                    {"application/json", "[", ""}
                }) {
            try (var lines = lines("/v1/echo:stream?count=1&interval=60s", expected[0])) {
                for (var i = 1; i < expected.length; i++) {
                    assertThat(lines.readLine()).isEqualTo(expected[i]);
                }
            }
        }
    }

    @Test
    void messageOfASlowProducerArrivesAtOnce() throws IOException {
        gateway.diagnostics.gate.release();
        try (var lines = lines("/v1/echo:stream?count=3&interval=60s&message=a", "text/csv")) {
            assertThat(lines.readLine()).isEqualTo("message,index,answer_time");
            assertThat(lines.readLine()).isEqualTo("a,1,");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/x-ndjson", "application/json", "text/event-stream", "text/csv"})
    void failsPlainlyBeforeTheFirstMessage(String accept) {
        // the first call of a method is too slow for the short heartbeat of these tests
        gateway.get("/v1/echo:stream");
        var response =
                gateway.post("/v1/echo:stream", "{\"error\":{\"code\":5}}", "accept", accept);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).startsWith("{\"code\":5,");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "plain|plain",
                "a,b|\"a,b\"",
                "say \\\"x\\\"|\"say \"\"x\"\"\"",
                "a\\nb|\"a\\nb\"",
                "=1+1|'=1+1",
                "@x|'@x",
                "-x|'-x",
                "+1 555|'+1 555",
                "-12.5|-12.5",
                "\\tx|'\\tx"
            })
    void cellsAreQuotedAndRunNothing(String text, String cell) {
        var body = post("{\"message\":\"%s\",\"count\":1}".formatted(text), "text/csv");

        assertThat(body)
                .isEqualTo(
                        "message,index,answer_time\r\n"
                                + cell.replace("\\n", "\n").replace("\\t", "\t")
                                + ",1,\r\n");
    }

    @Test
    void tableHoldsEveryTypeOfField() {
        var response =
                gateway.post(
                        "/v1/shapes:watch",
                        """
                        {"text":"é","int64":-5,"data":"AQI=","color":"COLOR_RED","child":{"size":1},"texts":["a"],
                        "labels":{"k":"v"},"time":"2026-01-31T12:00:00Z","stringValue":"a\\"b","optionalText":""}
                        """,
                        "accept",
                        "text/csv");

        var lines = response.body().split("\r\n");
        assertThat(lines).hasSize(2);
        assertThat(lines[0]).startsWith("text,flag,int32,int64");
        assertThat(lines[1])
                .startsWith(
                        "é,false,0,-5,0,0,0,0,0,0,0,0,0.0,0.0,AQI=,COLOR_RED,\"{\"\"size\"\":1}\"")
                .contains("\"[\"\"a\"\"]\"")
                .contains("\"{\"\"k\"\":\"\"v\"\"}\"")
                .contains(",2026-01-31T12:00:00Z,")
                .contains(",\"a\"\"b\",");
    }

    @Test
    void tableIsADownloadAndIsCutWhenItFails() throws IOException {
        var response = gateway.get("/v1/echo:stream?count=1", "accept", "text/csv");
        assertThat(header(response, "content-disposition"))
                .isEqualTo("attachment; filename=\"echo.csv\"");
        assertThat(header(response, "content-type")).startsWith("text/csv; charset=utf-8");

        assertThat(failedTable())
                .contains("message,index,answer_time\r\n", "a,1,\r\n")
                // of the chunks that a response is sent in, the last is missing
                .doesNotEndWith("0\r\n\r\n");
    }

    @Test
    void compressedStreamsArriveAtOnceToo() throws IOException {
        var request =
                gateway.request("/v1/echo:stream?count=1&interval=60s", "accept-encoding", "gzip");
        var response = gateway.send(request.GET(), BodyHandlers.ofInputStream());

        assertThat(header(response, "content-encoding")).isEqualTo("gzip");
        try (var in = new GZIPInputStream(response.body())) {
            assertThat(in.read()).isEqualTo('\n');
        }
    }

    @Test
    void streamsWithoutMessagesEndProperly() {
        assertThat(gateway.get("/v1/echo:stream").body()).isEqualTo("{\"@end\":{}}\n");
        assertThat(gateway.get("/v1/echo:stream", "accept", "text/csv").body())
                .isEqualTo("message,index,answer_time\r\n");
    }

    @Test
    void headOfAStreamRunsNothing() {
        var response =
                gateway.send(
                        gateway.request("/v1/echo:stream?count=5")
                                .method("HEAD", BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "content-type")).isEqualTo("application/x-ndjson");
        assertThat(gateway.diagnostics.sent).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/x-ndjson|{\"message\":\"a\"}\\n{\"message\":\"b\"}",
                "application/json|[{\"message\":\"a\"},{\"message\":\"b\"}]"
            })
    void takesStreamsAsLinesAndAsArrays(String type, String body) {
        var text = body.replace("\\n", "\n");
        assertThat(postAs("/v1/echo:collect", type, text).body())
                .isEqualTo("{\"message\":\"a b\"}");
        assertThat(postAs("/v1/echo:chat", type, text).body())
                .isEqualTo(
                        """
                        {"message":"a","index":"1"}
                        {"message":"b","index":"2"}
                        {"@end":{}}
                        """);
    }

    @Test
    void bindsPathInEveryMessageOfAStream() {
        assertThat(postAs("/v1/shapes/t:collect", "application/x-ndjson", "{\"size\":1} {}").body())
                .isEqualTo("{\"text\":\"t\",\"children\":[{\"size\":1},{}]}");
    }

    @Test
    void boundsTheMessagesOfAStreamAndNotTheStream() {
        var many = IntStream.range(0, 1000).mapToObj(i -> "{\"message\":\"0123456789\"}");
        var lines = many.collect(Collectors.joining("\n"));
        assertThat(postAs("/v1/echo:collect", "application/x-ndjson", lines).statusCode())
                .isEqualTo(200);

        var large = "{\"message\":\"" + "a".repeat(100_000) + "\"}";
        assertThat(postAs("/v1/echo:collect", "application/x-ndjson", large).statusCode())
                .isEqualTo(413);
        assertThat(postAs("/v1/echo:collect", "text/plain", "{}").statusCode()).isEqualTo(415);
        assertThat(postAs("/v1/echo:collect", "application/x-ndjson", "{}\n{").statusCode())
                .isEqualTo(400);
    }

    @Test
    void answersWhileTheRequestStillComes() throws IOException {
        try (var socket = gateway.open();
                var in =
                        new BufferedReader(
                                new InputStreamReader(
                                        socket.getInputStream(), StandardCharsets.UTF_8))) {
            var out = socket.getOutputStream();
            out.write(
                    """
                    POST /v1/echo:chat HTTP/1.1
                    Host: x
                    Content-Type: application/x-ndjson
                    Transfer-Encoding: chunked

                    """
                            .replace("\n", "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            for (var index = 1; index <= 3; index++) {
                var line = "{\"message\":\"m\"}\n";
                out.write(
                        "%x\r\n%s\r\n"
                                .formatted(line.length(), line)
                                .getBytes(StandardCharsets.US_ASCII));
                var answer = "{\"message\":\"m\",\"index\":\"%d\"}".formatted(index);
                assertThat(in.lines().filter(answer::equals).findFirst()).isPresent();
            }
        }
    }

    @Test
    void deadlineEndsAStreamWithItsError() {
        var body =
                gateway.get(
                                "/v1/echo:stream?count=3&interval=60s",
                                "accept",
                                "text/event-stream",
                                "x-server-timeout",
                                "0.7")
                        .body();

        assertThat(body).contains("event: error\ndata: {\"code\":4,");
    }

    @Test
    void deadlineReachesAHandlerThatWaitsForItsCaller() throws Exception {
        try (var socket = gateway.open()) {
            socket.getOutputStream()
                    .write(
                            """
                            POST /v1/echo:collect HTTP/1.1
                            Host: x
                            X-Server-Timeout: 0.2
                            Content-Length: 100

                            """
                                    .replace("\n", "\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 504").contains("\"code\":4");
        }
        assertCancelled();
    }

    @Test
    void callerWhoGoesCancelsTheCallWithinASecond() throws Exception {
        try (var lines = lines("/v1/echo:stream?count=9&interval=60s", "text/event-stream")) {
            assertThat(lines.readLine()).isNotEmpty();
        }
        assertCancelled();
    }

    @Test
    void slowReaderSlowsTheHandlerInBoundedMemory() throws Exception {
        var text = "a".repeat(1000);
        var count = 1_000_000;
        try (var socket =
                gateway.openGet(
                        "/v1/echo:stream?count=%d&message=%s".formatted(count, text), "*/*")) {
            assertThat(socket.getInputStream().read()).isEqualTo('H');
            var sent = settledCount();
            assertThat(sent).isLessThan(20_000);
        }
        assertCancelled();
    }

    @Test
    void readerWhoHasStoppedIsCutAfterTheDeadline() throws Exception {
        var target = "/v1/echo:stream?count=1000000&message=" + "a".repeat(1000);
        try (var socket = gateway.open()) {
            socket.getOutputStream()
                    .write(
                            "GET %s HTTP/1.1\r\nHost: x\r\nX-Server-Timeout: 0.5\r\n\r\n"
                                    .formatted(target)
                                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(gateway.diagnostics.cancelled.tryAcquire(5, TimeUnit.SECONDS)).isTrue();
            awaitClosedBy(socket);
            assertThat(wire(socket.getInputStream())).doesNotContain("@e");
        }
    }

    /// Waits until the peer takes nothing more, without reading anything.
    private static void awaitClosedBy(Socket socket) {
        var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        assertThatThrownBy(
                        () -> {
                            while (System.nanoTime() < end) {
                                socket.getOutputStream().write(' ');
                                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                            }
                        })
                .isInstanceOf(IOException.class);
    }

    /// The count of messages once it doesn't grow any more.
    private long settledCount() {
        var before = -1L;
        var now = gateway.diagnostics.sent.get();
        while (now == 0 || now != before) {
            before = now;
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
            now = gateway.diagnostics.sent.get();
        }
        return now;
    }

    private void assertCancelled() throws InterruptedException {
        assertThat(gateway.diagnostics.cancelled.tryAcquire(1, TimeUnit.SECONDS)).isTrue();
    }

    private String post(String json, String accept) {
        return gateway.post("/v1/echo:stream", json, "accept", accept).body();
    }

    private HttpResponse<String> postAs(String target, String type, String body) {
        return gateway.send(
                gateway.request(target, "content-type", type).POST(BodyPublishers.ofString(body)));
    }

    private BufferedReader lines(String target, String accept) {
        var response =
                gateway.send(
                        gateway.request(target, "accept", accept).GET(),
                        BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    /// The response, as it is on the wire, of a stream that fails behind its first message.
    private String failedTable() throws IOException {
        var json = "{\"message\":\"a\",\"count\":1,\"error\":{\"code\":9}}";
        try (var socket = gateway.open()) {
            socket.getOutputStream()
                    .write(
                            """
                            POST /v1/echo:stream HTTP/1.1
                            Host: x
                            Accept: text/csv
                            Content-Length: %d

                            %s\
                            """
                                    .formatted(json.length(), json)
                                    .replace("\n", "\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
            return wire(socket.getInputStream());
        }
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /// What arrives until the connection ends, in whatever way.
    private static String wire(InputStream in) {
        var bytes = new ByteArrayOutputStream();
        try {
            in.transferTo(bytes);
        } catch (IOException _) {
            // that is what a cut response looks like
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
