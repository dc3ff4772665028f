package dev.heddle.http.h1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.http.Exchange;
import dev.heddle.http.carrier.Settings;
import dev.heddle.http.helidon.RawClient;
import dev.heddle.http.helidon.TestServer;
import dev.heddle.rpc.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
@TestInstance(Lifecycle.PER_CLASS)
final class Http1BoundsTest {
    private static final Duration TIMEOUT = Duration.ofMillis(300);
    private static final Settings SETTINGS =
            new Settings(
                    "127.0.0.1",
                    0,
                    1000,
                    1024,
                    2048,
                    100,
                    TIMEOUT,
                    TIMEOUT,
                    TIMEOUT,
                    Duration.ofSeconds(5));

    private final TestServer server = new TestServer(SETTINGS, Http1BoundsTest::answer);

    private static void answer(Exchange exchange) throws IOException {
        if (exchange.rawPath().equals("/unbounded")) {
            exchange.liftBodyBound();
        }
        if (exchange.rawPath().equals("/slow")) {
            exchange.liftBodyPace();
        }
        var length = exchange.body().readAllBytes().length;
        var text = exchange.method() + " " + length;
        exchange.respond(200, Headers.empty(), text.getBytes(StandardCharsets.UTF_8));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private void assertRefused(String request, int status) throws IOException {
        try (var raw = server.connect()) {
            var response = raw.send(request).receive();
            assertThat(response.status()).as(request).isEqualTo(status);
            assertThat(response.field("content-type")).contains("application/json");
            assertThat(response.field("connection")).contains("close");
            assertThat(response.text()).matches("\\{\"code\":\\d+,\"message\":\"[^\"]+\"}");
            assertThat(response.text()).doesNotContain("SECRET");
            raw.shutdownOutput();
            assertThat(raw.rest()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SECRET, 400",
        "GET /SECRET, 400",
        "GET  /SECRET HTTP/1.1, 400",
        "GET / SECRET HTTP/1.1, 400",
        "GET SECRET HTTP/1.1, 400",
        "GET ftp://SECRET/ HTTP/1.1, 400",
        "GET http:/// HTTP/1.1, 400",
        "GET /SECRET#f HTTP/1.1, 400",
        "GET /SECRET\u00e9 HTTP/1.1, 400",
        "GET * HTTP/1.1, 400",
        "G(T /SECRET HTTP/1.1, 400",
        "GET / HTTP/SECRET, 400",
        "GET / HTTP/1.0, 505",
        "GET / HTTP/2.0, 505"
    })
    void wrongRequestLineIsRefused(String line, int status) throws IOException {
        assertRefused(line + "\r\nHost: x\r\n\r\n", status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "X: SECRET | 400",
                "Host: a,Host: b | 400",
                "Host: a b | 400",
                "Host: a/b | 400",
                "Host: x,Host : SECRET | 400",
                "Host: x,X : SECRET | 400",
                "Host: x,SECRET | 400",
                "Host: x,: SECRET | 400",
                "Host: x,A: b, SECRET | 400",
                "Host: x,A: b\u0000SECRET | 400",
                "Host: x,A: b\rSECRET | 400",
                "Host: x,Content-Length: -1 | 400",
                "Host: x,Content-Length: +1 | 400",
                "Host: x,Content-Length: 1a | 400",
                "Host: x,Content-Length: 0x1 | 400",
                "Host: x,Content-Length: | 400",
                "Host: x,Content-Length: 99999999999999999999 | 400",
                "Host: x,Content-Length: 1,Content-Length: 1 | 400",
                "Host: x,Content-Length: 1,Content-Length: 2 | 400",
                "Host: x,Content-Length: 1,Transfer-Encoding: chunked | 400",
                "Host: x,Transfer-Encoding: identity | 501",
                "Host: x,Transfer-Encoding: gzip | 501",
                "Host: x,Transfer-Encoding: chunked,Transfer-Encoding: chunked | 501",
                "Host: x,Transfer-Encoding: xchunked | 501",
                "Host: x,Expect: SECRET | 417"
            })
    void wrongFieldsAreRefused(String fields, int status) throws IOException {
        assertRefused("POST / HTTP/1.1\r\n" + fields.replace(",", "\r\n") + "\r\n\r\n", status);
    }

    @Test
    void lineFeedWithoutCarriageReturnIsRefused() throws IOException {
        assertRefused("GET / HTTP/1.1\nHost: x\n\n", 400);
        assertRefused("GET / HTTP/1.1\r\nHost: x\n\r\n", 400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\r\n",
                "-1\r\n",
                "\r\n",
                " 1\r\na\r\n0\r\n\r\n",
                "0x1\r\na\r\n0\r\n\r\n",
                "1\r\nab\r\n0\r\n\r\n",
                "1\na\n0\n\n",
                "FFFFFFFFF\r\n",
                "1\r\na0\r\n\r\n"
            })
    void wrongChunksAreRefused(String chunks) throws IOException {
        assertRefused(
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks, 400);
    }

    @Test
    void longRequestLineIsRefused() throws IOException {
        assertRefused("GET /" + "a".repeat(5000) + " HTTP/1.1\r\nHost: x\r\n\r\n", 414);
        assertRefused("GET /" + "a".repeat(1100) + " HTTP/1.1\r\nHost: x\r\n\r\n", 414);
        assertRefused("G".repeat(100_000), 414);
    }

    @Test
    void largeHeaderIsRefused() throws IOException {
        assertRefused("GET / HTTP/1.1\r\nHost: x\r\nA: " + "a".repeat(2048) + "\r\n\r\n", 431);
        assertRefused("GET / HTTP/1.1\r\nHost: x\r\nA: " + "a".repeat(1_000_000), 431);
        assertRefused("GET / HTTP/1.1\r\nHost: x\r\n" + "a: b\r\n".repeat(100_000), 431);
    }

    @Test
    void headerUpToTheBoundIsTaken() throws IOException {
        try (var raw = server.connect()) {
            var path = "/" + "a".repeat(1024 - "GET / HTTP/1.1".length());
            var field = "A: " + "a".repeat(2048 - "A: \r\nHost: x\r\n".length()) + "\r\n";
            assertThat(
                            raw.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n" + field + "\r\n")
                                    .receive()
                                    .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void largeBodyIsRefused() throws IOException {
        var head = "POST / HTTP/1.1\r\nHost: x\r\n";
        assertRefused(head + "Content-Length: 101\r\n\r\n" + "a".repeat(101), 413);
        assertRefused(head + "Content-Length: 101\r\nExpect: 100-continue\r\n\r\n", 413);
        assertRefused(
                head
                        + "Transfer-Encoding: chunked\r\n\r\n"
                        + "32\r\n"
                        + "a".repeat(50)
                        + "\r\n33\r\n",
                413);
    }

    @Test
    void bodyBoundCanBeLifted() throws IOException {
        try (var raw = server.connect()) {
            var head = "POST /unbounded HTTP/1.1\r\nHost: x\r\nContent-Length: 101\r\n\r\n";
            assertThat(raw.send(head + "a".repeat(101)).receive().text()).isEqualTo("POST 101");
        }
    }

    @Test
    void halfAHeaderIsAnsweredAfterItsTime() throws IOException {
        var start = System.nanoTime();
        try (var raw = server.connect()) {
            var response = raw.send("GET / HTTP/1.1\r\nHost: x").receive();
            assertThat(response.status()).isEqualTo(408);
            assertThat(response.text()).startsWith("{\"code\":4,");
            assertThat(raw.isClosedByServer()).isTrue();
        }
        assertElapsed(start);
    }

    @Test
    void headerThatDripsIsAnsweredAfterItsTime() throws IOException {
        var start = System.nanoTime();
        try (var raw = server.connect();
                var clock = server.connect()) {
            raw.send("GET / HTTP/1.1\r\n");
            for (var i = 1; i <= 20; i++) {
                raw.send("a");
                await(clock, start, TIMEOUT.multipliedBy(i).dividedBy(30));
            }
            assertThat(raw.receive().status()).isEqualTo(408);
        }
        assertElapsed(start);
    }

    @Test
    void halfABodyIsAnsweredAfterItsTime() throws IOException {
        var start = System.nanoTime();
        try (var raw = server.connect()) {
            var head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n";
            var response = raw.send(head + "12345").receive();
            assertThat(response.status()).isEqualTo(408);
            assertThat(response.text()).contains("300 ms");
            raw.shutdownOutput();
            assertThat(raw.isClosedByServer()).isTrue();
        }
        assertElapsed(start);
    }

    @Test
    void bodyThatDripsIsAnsweredWhenItsPaceHasRunOut() throws IOException {
        try (var dripped = server(2000);
                var raw = dripped.connect();
                var clock = dripped.connect()) {
            raw.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\n");
            assertThat(drip(raw, clock, "a")).contains("2000 bytes a second");
        }
    }

    @Test
    void chunksThatDripAreAnsweredWhenTheirPaceHasRunOut() throws IOException {
        try (var dripped = server(2000);
                var raw = dripped.connect();
                var clock = dripped.connect()) {
            raw.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;");
            assertThat(drip(raw, clock, "a")).contains("2000 bytes a second");
        }
    }

    @Test
    void bodyOfAStreamMayDrip() throws IOException {
        var start = System.nanoTime();
        try (var dripped = server(1_000_000);
                var raw = dripped.connect();
                var clock = dripped.connect()) {
            raw.send("POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 60\r\n\r\n");
            for (var i = 1; i <= 60; i++) {
                raw.send("a");
                await(clock, start, TIMEOUT.multipliedBy(i).dividedBy(30));
            }
            assertThat(raw.receive().text()).isEqualTo("POST 60");
        }
    }

    /// Sends a byte now and then, at a pace that no pause shows, until the answer comes.
    private static String drip(RawClient raw, RawClient clock, String text) throws IOException {
        var start = System.nanoTime();
        for (var i = 1; i <= 120 && !raw.hasArrived(); i++) {
            raw.send(text);
            await(clock, start, TIMEOUT.multipliedBy(i).dividedBy(30));
        }
        var response = raw.receive();
        assertThat(response.status()).isEqualTo(408);
        return response.text();
    }

    /// Asks the server on another connection until so much time has passed.
    private static void await(RawClient clock, long start, Duration passed) throws IOException {
        while (System.nanoTime() - start < passed.toNanos()) {
            assertThat(clock.get("/").status()).isEqualTo(200);
        }
    }

    private static TestServer server(int minBodyRate) {
        return new TestServer(
                new Settings(
                        "127.0.0.1",
                        0,
                        1000,
                        1000,
                        1024,
                        2048,
                        100_000,
                        TIMEOUT,
                        TIMEOUT,
                        minBodyRate,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5)),
                Http1BoundsTest::answer);
    }

    @Test
    void silentConnectionIsClosedQuietly() throws IOException {
        var start = System.nanoTime();
        try (var raw = server.connect()) {
            assertThat(raw.rest()).isEmpty();
        }
        assertElapsed(start);
    }

    @Test
    void idleConnectionIsClosedQuietly() throws IOException {
        var start = System.nanoTime();
        try (var raw = server.connect()) {
            assertThat(raw.get("/").status()).isEqualTo(200);
            assertThat(raw.rest()).isEmpty();
        }
        assertElapsed(start);
    }

    @Test
    void halfAPrefaceOfHttp2IsClosedQuietly() throws IOException {
        var start = System.nanoTime();
        try (var raw = server.connect()) {
            assertThat(raw.send("PRI * HTTP/2.0\r\n").rest()).isEmpty();
        }
        assertElapsed(start);
    }

    private static void assertElapsed(long start) {
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(TIMEOUT, TIMEOUT.plusSeconds(2));
    }
}
