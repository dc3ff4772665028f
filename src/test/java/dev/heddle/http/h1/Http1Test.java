package dev.heddle.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.http.Exchange;
import dev.heddle.http.helidon.RepeatingInputStream;
import dev.heddle.http.helidon.TestServer;
import dev.heddle.rpc.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@TestInstance(Lifecycle.PER_CLASS)
final class Http1Test {
    private static final Headers TEXT = Headers.builder().set("content-type", "text/plain").build();

    private static final int MUCH = 100 << 20;

    private final TestServer server = new TestServer(Http1Test::answer);
    private final HttpClient client = HttpClient.newHttpClient();

    private static void answer(Exchange exchange) throws IOException {
        switch (exchange.rawPath()) {
            case "/echo" -> exchange.respond(200, TEXT, exchange.body().readAllBytes());
            case "/stream-echo" -> {
                exchange.liftBodyBound();
                try (var out = exchange.respond(200, TEXT)) {
                    exchange.body().transferTo(out);
                }
            }
            case "/takes-much" -> {
                exchange.liftBodyBound();
                respond(exchange, isMuch(exchange.body()) ? "all of it" : "not all");
            }
            case "/gives-much" -> {
                try (var out = exchange.respond(200, TEXT)) {
                    new RepeatingInputStream(MUCH).transferTo(out);
                }
            }
            case "/slow" -> {
                exchange.onPeerGone(() -> {});
                awaitQuietly(new CountDownLatch(1), 300);
                respond(exchange, "slow");
            }
            case "/no-content" -> exchange.respond(204, Headers.empty(), new byte[0]);
            case "/not-modified" -> exchange.respond(304, Headers.empty(), new byte[0]);
            case "/cookies" ->
                    exchange.respond(
                            200,
                            Headers.builder()
                                    .add("set-cookie", "a=1")
                                    .add("set-cookie", "b=2")
                                    .build(),
                            new byte[0]);
            case "/ignores-body" -> respond(exchange, "ignored");
            case "/given-length" -> {
                var headers = Headers.builder().set("content-length", "5").build();
                try (var out = exchange.respond(200, headers)) {
                    out.write("he".getBytes(StandardCharsets.UTF_8));
                    out.flush();
                    out.write("llo".getBytes(StandardCharsets.UTF_8));
                }
            }
            case "/flushed" -> {
                try (var out = exchange.respond(200, TEXT)) {
                    out.flush();
                    out.write("one".getBytes(StandardCharsets.UTF_8));
                    out.flush();
                    out.write("two".getBytes(StandardCharsets.UTF_8));
                }
            }
            case "/splits" ->
                    exchange.respond(
                            200, Headers.builder().set("x", "a\r\nb: c").build(), new byte[0]);
            case "/fails" -> throw new IllegalStateException("a secret");
            case "/fails-late" -> {
                var out = exchange.respond(200, TEXT);
                out.write(new byte[100_000]);
                out.flush();
                throw new IllegalStateException("a secret");
            }
            case "/forgets" -> {}
            default ->
                    respond(
                            exchange,
                            exchange.method()
                                    + " "
                                    + exchange.rawPath()
                                    + "|"
                                    + exchange.rawQuery());
        }
    }

    private static void respond(Exchange exchange, String text) throws IOException {
        exchange.respond(200, TEXT, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void awaitQuietly(CountDownLatch latch, long millis) throws IOException {
        try {
            assertThat(latch.await(millis, TimeUnit.MILLISECONDS)).isFalse();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @BeforeAll
    void start() {
        assertThat(server.uri("/").getPort()).isPositive();
    }

    @AfterAll
    void stop() {
        client.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/a%2Fb",
                "//a//b",
                "/a/../b/./c",
                "/%00",
                "/%ff%fe",
                "/%zz",
                "/a;b=c",
                "/a:b",
                "/a%20b",
                "/[x]"
            })
    void pathArrivesAsSent(String path) throws IOException {
        try (var raw = server.connect()) {
            assertThat(raw.get(path + "?q=%2F&&=+%ff?").text())
                    .isEqualTo("GET " + path + "|q=%2F&&=+%ff?");
        }
    }

    @Test
    void absoluteTargetIsTaken() throws IOException {
        try (var raw = server.connect()) {
            assertThat(raw.get("http://other:80/a?b").text()).isEqualTo("GET /a|b");
            assertThat(raw.get("http://other?b").text()).isEqualTo("GET /|b");
            assertThat(raw.send("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n").receive().text())
                    .isEqualTo("OPTIONS *|");
        }
    }

    @Test
    void unknownMethodArrives() throws IOException {
        try (var raw = server.connect()) {
            assertThat(raw.send("BREW /pot HTTP/1.1\r\nHost: x\r\n\r\n").receive().text())
                    .isEqualTo("BREW /pot|");
        }
    }

    @Test
    void tenThousandRequestsUseOneConnection() throws IOException {
        try (var raw = server.connect()) {
            for (var i = 0; i < 10_000; i++) {
                assertThat(raw.get("/" + i).text()).isEqualTo("GET /" + i + "|");
            }
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws IOException {
        try (var raw = server.connect()) {
            raw.sendLines(
                    """
                    GET /1 HTTP/1.1
                    Host: x

                    POST /echo HTTP/1.1
                    Host: x
                    Content-Length: 2

                    hiGET /3 HTTP/1.1
                    Host: x

                    """);
            assertThat(raw.receive().text()).isEqualTo("GET /1|");
            assertThat(raw.receive().text()).isEqualTo("hi");
            assertThat(raw.receive().text()).isEqualTo("GET /3|");
        }
    }

    @Test
    void requestsThatArriveDuringAHandlerAreServedAfterIt() throws Exception {
        try (var raw = server.connect()) {
            for (var round = 0; round < 3; round++) {
                raw.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
                awaitQuietly(new CountDownLatch(1), 150);
                raw.send("GET /2 HTTP/1.1\r\nHost: x\r\n\r\nGET /3 HT");
                awaitQuietly(new CountDownLatch(1), 20);
                raw.send("TP/1.1\r\nHost: x\r\n\r\n");
                assertThat(raw.receive().text()).isEqualTo("slow");
                assertThat(raw.receive().text()).isEqualTo("GET /2|");
                assertThat(raw.receive().text()).isEqualTo("GET /3|");
            }
        }
    }

    @Test
    void connectionIsUsedAgainAfterItWasWatched() throws IOException {
        try (var raw = server.connect()) {
            for (var i = 0; i < 5; i++) {
                assertThat(raw.get("/slow").text()).isEqualTo("slow");
                assertThat(raw.get("/after").text()).isEqualTo("GET /after|");
            }
        }
    }

    @Test
    void requestMayArriveByteByByte() throws IOException {
        try (var raw = server.connect()) {
            var request =
                    """
                    POST /echo HTTP/1.1
                    Host: x
                    Transfer-Encoding: chunked

                    3;a=b
                    abc
                    1
                    d
                    0
                    Trailer: x

                    """
                            .replace("\n", "\r\n");
            for (var b : request.getBytes(StandardCharsets.US_ASCII)) {
                raw.send(new byte[] {b});
            }
            assertThat(raw.receive().text()).isEqualTo("abcd");
            assertThat(raw.get("/next").text()).isEqualTo("GET /next|");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4095, 64 * 1024, 1_000_001})
    void bodyComesBack(int size) throws Exception {
        var bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        for (var path : new String[] {"/echo", "/stream-echo"}) {
            var request =
                    HttpRequest.newBuilder(server.uri(path))
                            .version(HttpClient.Version.HTTP_1_1)
                            .POST(HttpRequest.BodyPublishers.ofByteArray(bytes))
                            .build();
            assertThat(client.send(request, BodyHandlers.ofByteArray()).body()).isEqualTo(bytes);
        }
    }

    @Test
    void oneHundredMegabytesGoEitherWay() throws Exception {
        var up =
                HttpRequest.newBuilder(server.uri("/takes-much"))
                        .version(HttpClient.Version.HTTP_1_1)
                        .POST(
                                HttpRequest.BodyPublishers.ofInputStream(
                                        () -> new RepeatingInputStream(MUCH)))
                        .build();
        var start = System.nanoTime();
        assertThat(client.send(up, BodyHandlers.ofString()).body()).isEqualTo("all of it");
        var middle = System.nanoTime();
        var down = HttpRequest.newBuilder(server.uri("/gives-much")).build();
        try (var body = client.send(down, BodyHandlers.ofInputStream()).body()) {
            assertThat(isMuch(body)).isTrue();
        }
        var end = System.nanoTime();
        System.out.printf(
                ">> 100 MiB: up %d ms, down %d ms%n",
                (middle - start) / 1_000_000, (end - middle) / 1_000_000);
    }

    private static boolean isMuch(InputStream body) throws IOException {
        var expected = new RepeatingInputStream(MUCH);
        var part = body.readNBytes(64 * 1024);
        while (part.length > 0) {
            if (!Arrays.equals(part, expected.readNBytes(part.length))) {
                return false;
            }
            part = body.readNBytes(64 * 1024);
        }
        return expected.read() < 0;
    }

    @Test
    void headGetsTheLengthWithoutTheBody() throws IOException {
        try (var raw = server.connect()) {
            var response = raw.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n").receive(false);
            assertThat(response.field("content-length")).contains("8");
            raw.send("HEAD /flushed HTTP/1.1\r\nHost: x\r\n\r\n").receive(false);
            assertThat(raw.get("/next").text()).isEqualTo("GET /next|");
        }
    }

    @Test
    void statusWithoutBodyHasNoLength() throws IOException {
        try (var raw = server.connect()) {
            for (var path : new String[] {"/no-content", "/not-modified"}) {
                var response = raw.get(path);
                assertThat(response.field("content-length")).isEmpty();
                assertThat(response.field("transfer-encoding")).isEmpty();
            }
            assertThat(raw.get("/next").text()).isEqualTo("GET /next|");
        }
    }

    @Test
    void fieldWithSeveralValuesIsSentOnceForEach() throws IOException {
        try (var raw = server.connect()) {
            assertThat(raw.get("/cookies").fields()).contains("set-cookie: a=1", "set-cookie: b=2");
        }
    }

    @Test
    void givenLengthIsKept() throws IOException {
        try (var raw = server.connect()) {
            var response = raw.get("/given-length");
            assertThat(response.field("content-length")).contains("5");
            assertThat(response.text()).isEqualTo("hello");
        }
    }

    @Test
    void flushedBodyIsSentInChunks() throws IOException {
        try (var raw = server.connect()) {
            var response = raw.get("/flushed");
            assertThat(response.field("transfer-encoding")).contains("chunked");
            assertThat(response.text()).isEqualTo("onetwo");
        }
    }

    @Test
    void closeIsAnsweredWithClose() throws IOException {
        try (var raw = server.connect()) {
            var response =
                    raw.send("GET /a HTTP/1.1\r\nHost: x\r\nConnection: te, Close\r\n\r\n")
                            .receive();
            assertThat(response.field("connection")).contains("close");
            assertThat(raw.isClosedByServer()).isTrue();
        }
    }

    @Test
    void continueIsSentWhenTheBodyIsRead() throws IOException {
        try (var raw = server.connect()) {
            raw.sendLines(
                    """
                    POST /echo HTTP/1.1
                    Host: x
                    Content-Length: 2
                    Expect: 100-continue

                    """);
            assertThat(raw.line()).isEqualTo("HTTP/1.1 100 Continue");
            assertThat(raw.line()).isEmpty();
            assertThat(raw.send("ok").receive().text()).isEqualTo("ok");
            assertThat(raw.get("/next").text()).isEqualTo("GET /next|");
        }
    }

    @Test
    void bodyThatNobodyWantsIsNotAskedFor() throws IOException {
        try (var raw = server.connect()) {
            raw.sendLines(
                    """
                    POST /ignores-body HTTP/1.1
                    Host: x
                    Content-Length: 2
                    Expect: 100-continue

                    """);
            var response = raw.receive();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.field("connection")).contains("close");
        }
    }

    @Test
    void bodyThatWasNotReadDoesNotBecomeARequest() throws IOException {
        try (var raw = server.connect()) {
            raw.send(
                    "POST /ignores-body HTTP/1.1\r\nHost: x\r\nContent-Length: 20\r\n\r\n"
                            + "GET /smuggled HTTP/1.");
            assertThat(raw.receive().text()).isEqualTo("ignored");
        }
        try (var raw = server.connect()) {
            raw.send(
                    "POST /ignores-body HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
                            + "GET /next HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(raw.receive().text()).isEqualTo("ignored");
            assertThat(raw.receive().text()).isEqualTo("GET /next|");
        }
    }

    @Test
    void failureDoesNotLeak() throws IOException {
        try (var raw = server.connect()) {
            var response = raw.get("/fails");
            assertThat(response.status()).isEqualTo(500);
            assertThat(response.text()).startsWith("{\"code\":13,").doesNotContain("secret");
            assertThat(raw.get("/splits").status()).isEqualTo(500);
            assertThat(raw.get("/forgets").status()).isEqualTo(500);
            assertThat(raw.get("/next").text()).isEqualTo("GET /next|");
        }
    }

    @Test
    void failedStreamIsNotEnded() throws IOException {
        try (var raw = server.connect()) {
            var all = raw.send("GET /fails-late HTTP/1.1\r\nHost: x\r\n\r\n").rest();
            assertThat(all).contains("chunked").doesNotEndWith("0\r\n\r\n");
        }
    }
}
