package dev.heddle.http.h2;

import static dev.heddle.testing.RawHttp2.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.http.Exchange;
import dev.heddle.http.carrier.Settings;
import dev.heddle.http.helidon.TestServer;
import dev.heddle.rpc.Headers;
import dev.heddle.testing.RawHttp2;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How connections begin, wait and end in time.
@Timeout(60)
final class LifeTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Duration SHORT = Duration.ofMillis(300);

    /// Far more than any bound here, and far less than the defaults.
    private static final Duration SOON = Duration.ofSeconds(8);

    private final long threads = Resources.threads();
    private final Semaphore entered = new Semaphore(0);
    private final Semaphore mayAnswer = new Semaphore(0);
    private final Semaphore gone = new Semaphore(0);

    private void answer(Exchange exchange) throws IOException {
        switch (exchange.rawPath()) {
            case "/wait" -> {
                exchange.onPeerGone(gone::release);
                entered.release();
                mayAnswer.acquireUninterruptibly();
                exchange.respond(200, Headers.empty(), new byte[10]);
            }
            case "/hold" -> {
                var peerGone = new CountDownLatch(1);
                exchange.onPeerGone(peerGone::countDown);
                entered.release();
                try {
                    peerGone.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                gone.release();
                throw new IOException("the peer has gone");
            }
            case "/linger" -> {
                exchange.respond(200, Headers.empty(), new byte[10]);
                mayAnswer.acquireUninterruptibly();
            }
            default -> exchange.respond(200, Headers.empty(), exchange.body().readAllBytes());
        }
    }

    private TestServer server(Timeouts timeouts) {
        var settings =
                new Settings(
                        "127.0.0.1",
                        0,
                        1000,
                        1000,
                        8 * 1024,
                        16 * 1024,
                        16 * 1024 * 1024,
                        timeouts.header,
                        timeouts.body,
                        timeouts.minBodyRate,
                        timeouts.idle,
                        LONG);
        var defaults = Http2Settings.DEFAULT;
        var http2 =
                new Http2Settings(
                        defaults.maxConcurrentStreams(),
                        defaults.streamWindow(),
                        defaults.connectionWindow(),
                        defaults.maxFrameSize(),
                        timeouts.keepAlive,
                        SHORT,
                        timeouts.maxAge,
                        defaults.maxResets(),
                        defaults.maxControlFrames());
        return new TestServer(settings, http2, this::answer);
    }

    /// What a test shortens.
    private static final class Timeouts {
        private Duration header = LONG;
        private Duration body = LONG;
        private int minBodyRate;
        private Duration idle = LONG;
        private Duration keepAlive = LONG;
        private Duration maxAge = Duration.ZERO;
    }

    @AfterEach
    void nothingIsLeftBehind() {
        Resources.awaitThreads(threads);
    }

    @Test
    void drainLetsTheCallsOnTheirWayFinish() throws Exception {
        try (var server = server(new Timeouts());
                var client = RawHttp2.open(server.port())) {
            client.send(RawHttp2.request(1, true, "GET", "/wait"));
            awaitEntered();
            server.carrier().beginDrain();
            var first = client.await(RawHttp2.GOAWAY);
            assertThat(first.word(0)).as("first last stream").isEqualTo(Integer.MAX_VALUE);
            assertThat(first.errorCode()).isZero();
            var ping = client.await(RawHttp2.PING);

            // What the client has sent before it saw the first GOAWAY is served as well.
            client.send(
                    RawHttp2.request(3, true, "GET", "/wait"),
                    frame(RawHttp2.PING, RawHttp2.ACK, 0, ping.payload()));
            awaitEntered();
            var second = client.await(RawHttp2.GOAWAY);
            assertThat(second.word(0)).as("second last stream").isEqualTo(3);
            assertThat(second.errorCode()).isZero();

            // What comes after is not, and may be sent elsewhere.
            client.send(RawHttp2.request(5, true, "GET", "/wait"));
            mayAnswer.release(3);
            var answered = new ArrayList<Integer>();
            for (var i = 0; i < 2; i++) {
                var end = client.await(f -> f.is(RawHttp2.DATA) && f.has(RawHttp2.END_STREAM));
                answered.add(end.stream());
            }
            assertThat(answered).containsExactlyInAnyOrder(1, 3);
            assertThat(client.isClosedWithin(SOON)).as("closed").isTrue();
            assertThat(entered.availablePermits()).as("calls that came too late").isZero();
        }
    }

    @Test
    void drainDoesNotWaitForAnAnswerToItsPing() throws Exception {
        try (var server = server(new Timeouts());
                var client = RawHttp2.open(server.port())) {
            client.send(RawHttp2.request(1, true, "GET", "/"));
            client.await(RawHttp2.HEADERS);
            server.carrier().beginDrain();

            assertThat(client.await(RawHttp2.GOAWAY).word(0)).isEqualTo(Integer.MAX_VALUE);
            assertThat(client.await(RawHttp2.GOAWAY).word(0)).isEqualTo(1);
            assertThat(client.isClosedWithin(SOON)).as("closed").isTrue();
        }
    }

    @Test
    void connectionThatComesDuringADrainIsToldOfIt() throws Exception {
        try (var server = server(new Timeouts())) {
            server.carrier().beginDrain();
            try (var client = RawHttp2.open(server.port())) {
                var first = client.await(_ -> true);
                assertThat(first.is(RawHttp2.SETTINGS)).as("%s", first).isTrue();
                assertThat(client.await(RawHttp2.GOAWAY).errorCode()).isZero();
                assertThat(client.isClosedWithin(SOON)).as("closed").isTrue();
            } catch (IOException e) {
                // It is fine as well to close it before it says what it speaks.
                assertThat(e).hasMessageContaining("closed");
            }
        }
    }

    @Test
    void faultEndsTheConnectionWhetherThePeerClosesItOrNot() throws Exception {
        try (var server = server(new Timeouts());
                var client = RawHttp2.open(server.port())) {
            client.send(RawHttp2.request(1, true, "GET", "/hold"));
            awaitEntered();
            assertThat(Resources.threads()).as("threads of a call").isGreaterThan(threads);
            client.send(RawHttp2.windowUpdate(0, 0));

            assertThat(client.await(RawHttp2.GOAWAY).word(0)).isEqualTo(1);
            assertThat(client.isClosedWithin(SOON)).as("closed").isTrue();
            awaitGone();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {RawHttp2.HEADERS, RawHttp2.DATA})
    void streamIsClosedWithItsAnswerAndNotWhenItsHandlerReturns(int type) throws Exception {
        try (var server = server(new Timeouts());
                var client = RawHttp2.open(server.port())) {
            client.send(RawHttp2.request(1, true, "GET", "/linger"));
            client.await(f -> f.is(RawHttp2.DATA) && f.has(RawHttp2.END_STREAM));

            client.send(
                    type == RawHttp2.DATA
                            ? RawHttp2.data(1, true, new byte[1])
                            : RawHttp2.request(1, true, "GET", "/"));

            assertThat(client.await(RawHttp2.GOAWAY).errorCode())
                    .isEqualTo(ErrorCode.STREAM_CLOSED.value());
            mayAnswer.release();
            assertThat(client.isClosedWithin(SOON)).as("closed").isTrue();
        }
    }

    @Test
    void silentPeerIsAskedAndCutOff() throws Exception {
        var timeouts = new Timeouts();
        timeouts.keepAlive = SHORT;
        try (var server = server(timeouts);
                var client = RawHttp2.open(server.port())) {
            client.send(RawHttp2.request(1, true, "GET", "/hold"));
            awaitEntered();

            assertThat(client.await(RawHttp2.PING).has(RawHttp2.ACK)).isFalse();
            // It is there, but says nothing: as if its machine had vanished.
            awaitGone();
            assertThat(client.isClosedWithin(SOON)).as("closed").isTrue();
        }
    }

    @Test
    void silentPeerThatAnswersIsKept() throws Exception {
        var timeouts = new Timeouts();
        timeouts.keepAlive = SHORT;
        try (var server = server(timeouts);
                var client = RawHttp2.open(server.port())) {
            client.send(RawHttp2.request(1, true, "GET", "/wait"));
            awaitEntered();
            for (var i = 0; i < 4; i++) {
                var ping = client.await(f -> f.is(RawHttp2.PING) && !f.has(RawHttp2.ACK));
                client.send(frame(RawHttp2.PING, RawHttp2.ACK, 0, ping.payload()));
            }
            mayAnswer.release();

            assertThat(client.await(RawHttp2.HEADERS).stream()).isEqualTo(1);
            assertThat(gone.availablePermits()).isZero();
        }
    }

    @Test
    void closedConnectionReachesTheHandler() throws Exception {
        try (var server = server(new Timeouts())) {
            try (var client = RawHttp2.open(server.port())) {
                client.send(RawHttp2.request(1, true, "GET", "/hold"));
                awaitEntered();
            }
            awaitGone();
        }
    }

    @Test
    void agedConnectionsEndInGoodOrderAndNotAllAtOnce() throws Exception {
        var timeouts = new Timeouts();
        timeouts.maxAge = Duration.ofSeconds(2);
        try (var server = server(timeouts)) {
            var clients = new ArrayList<RawHttp2>();
            for (var i = 0; i < 20; i++) {
                clients.add(RawHttp2.open(server.port()));
            }
            clients.getFirst().send(RawHttp2.request(1, true, "GET", "/wait"));
            awaitEntered();
            clients.getFirst().await(RawHttp2.GOAWAY);
            mayAnswer.release();
            assertThat(clients.getFirst().await(RawHttp2.HEADERS).stream()).isEqualTo(1);
            for (var client : clients) {
                assertThat(client.isClosedWithin(SOON)).as("closed").isTrue();
                client.close();
            }
        }
    }

    @Test
    void idleConnectionEnds() throws Exception {
        var timeouts = new Timeouts();
        timeouts.idle = SHORT;
        try (var server = server(timeouts);
                var client = RawHttp2.open(server.port())) {
            client.send(RawHttp2.request(1, true, "GET", "/"));

            assertThat(client.await(RawHttp2.GOAWAY).errorCode()).isZero();
            assertThat(client.isClosedWithin(SOON)).as("closed").isTrue();
        }
    }

    /// However short its calls are, and whether the watchdog ever sees one.
    @Test
    void connectionWithShortCallsIsNotIdle() throws Exception {
        var timeouts = new Timeouts();
        timeouts.idle = Duration.ofSeconds(1);
        try (var server = server(timeouts);
                var client = RawHttp2.open(server.port())) {
            var end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
            for (var id = 1; System.nanoTime() < end; id += 2) {
                var stream = id;
                client.send(RawHttp2.request(id, true, "GET", "/"));
                var answer = client.await(f -> f.stream() == stream || f.is(RawHttp2.GOAWAY));
                assertThat(answer.is(RawHttp2.HEADERS)).as("%s", answer).isTrue();
                // Now and then alone, with nothing else to keep it.
                client.poll(Duration.ofMillis(200));
            }
        }
    }

    @Test
    void connectionWithoutPrefaceEnds() throws Exception {
        var timeouts = new Timeouts();
        timeouts.header = SHORT;
        try (var server = server(timeouts)) {
            try (var client = RawHttp2.silent(server.port())) {
                assertThat(client.isClosedWithin(SOON)).as("nothing").isTrue();
            }
            try (var client = RawHttp2.silent(server.port()).send(new byte[] {'P', 'R', 'I'})) {
                assertThat(client.isClosedWithin(SOON)).as("half a preface").isTrue();
            }
            try (var client = RawHttp2.silent(server.port()).send(RawHttp2.PREFACE)) {
                assertThat(client.isClosedWithin(SOON)).as("no settings").isTrue();
            }
        }
    }

    @Test
    void headersThatDoNotEndAreCutOff() throws Exception {
        var timeouts = new Timeouts();
        timeouts.header = Duration.ofSeconds(1);
        try (var server = server(timeouts);
                var client = RawHttp2.open(server.port())) {
            client.send(frame(RawHttp2.HEADERS, 0, 1, RawHttp2.block("a", "b")));
            var crumb = frame(RawHttp2.CONTINUATION, 0, 1, RawHttp2.block("c", "d"));
            var end = System.nanoTime() + SOON.toNanos();
            // A crumb in time, again and again, is no excuse.
            while (client.flood(1, crumb) == 1 && !client.isClosedWithin(Duration.ofMillis(200))) {
                assertThat(System.nanoTime()).as("time").isLessThan(end);
            }
        }
    }

    @Test
    void bodyThatPausesIsAnsweredWith408() throws Exception {
        var timeouts = new Timeouts();
        timeouts.body = SHORT;
        try (var server = server(timeouts);
                var client = RawHttp2.open(server.port())) {
            client.send(
                    RawHttp2.request(1, false, "POST", "/echo"),
                    RawHttp2.data(1, false, new byte[10]));

            var body = client.await(f -> f.is(RawHttp2.DATA));
            assertThat(new String(body.payload(), StandardCharsets.UTF_8)).contains("body");
            var reset = client.await(RawHttp2.RST_STREAM);
            assertThat(reset.errorCode()).isEqualTo(ErrorCode.NO_ERROR.value());
            client.send(RawHttp2.request(3, true, "GET", "/"));
            assertThat(client.await(f -> f.stream() == 3).is(RawHttp2.HEADERS)).isTrue();
        }
    }

    @Test
    void bodyThatDripsIsAnsweredWhenItsPaceHasRunOut() throws Exception {
        var timeouts = new Timeouts();
        timeouts.body = SHORT;
        timeouts.minBodyRate = 1_000_000;
        try (var server = server(timeouts);
                var client = RawHttp2.open(server.port())) {
            client.send(RawHttp2.request(1, false, "POST", "/echo"));
            var crumb = RawHttp2.data(1, false, new byte[1]);
            var end = System.nanoTime() + SOON.toNanos();
            Optional<RawHttp2.Frame> answer = Optional.empty();
            // No pause is as long as the body may make.
            while (answer.isEmpty() && System.nanoTime() < end) {
                client.send(crumb);
                answer =
                        client.poll(SHORT.dividedBy(20))
                                .filter(f -> f.is(RawHttp2.HEADERS) && f.stream() == 1);
            }
            var body = client.await(f -> f.is(RawHttp2.DATA));
            assertThat(new String(body.payload(), StandardCharsets.UTF_8))
                    .contains("1000000 bytes a second");
        }
    }

    @Test
    void idleConnectionsKeepLittleMemory() throws Exception {
        try (var server = server(new Timeouts())) {
            var clients = new ArrayList<RawHttp2>();
            var before = Resources.heap();
            for (var i = 0; i < 100; i++) {
                var client = RawHttp2.open(server.port());
                clients.add(client);
                client.send(RawHttp2.windowUpdate(0, 1 << 20));
                client.send(RawHttp2.request(1, false, "POST", "/echo"));
                for (var sent = 0; sent < 12; sent++) {
                    client.send(RawHttp2.data(1, sent == 11, new byte[16_384]));
                }
                client.send(RawHttp2.windowUpdate(1, 1 << 20));
                client.await(f -> f.is(RawHttp2.DATA) && f.has(RawHttp2.END_STREAM));
            }
            // Of 192 KiB that came and went; the client's buffer counts as well.
            var perConnection = new long[1];
            Resources.await(
                    "memory given back",
                    () -> {
                        perConnection[0] = (Resources.heap() - before) / clients.size();
                        return perConnection[0] < 192 * 1024;
                    });
            System.out.printf(">> an idle connection keeps %,d bytes%n", perConnection[0]);
            for (var client : clients) {
                client.close();
            }
        }
    }

    private void awaitEntered() throws InterruptedException {
        assertThat(entered.tryAcquire(10, TimeUnit.SECONDS)).as("the handler runs").isTrue();
    }

    private void awaitGone() throws InterruptedException {
        assertThat(gone.tryAcquire(10, TimeUnit.SECONDS)).as("the handler is told").isTrue();
    }
}
