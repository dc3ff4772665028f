package dev.heddle.http.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.http.Exchange;
import dev.heddle.http.helidon.TestServer;
import dev.heddle.rpc.Headers;
import dev.heddle.testing.RawHttp2;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;

/// Clients that send frames at random, right and wrong ones, over real sockets, and a model of what
/// RFC 9113 lets the server answer. A round is a connection.
///
/// `-Dheddle.fuzz.rounds=100000` makes it longer. A round that failed tells its seed, with which
/// `-Dheddle.fuzz.seed=… -Dheddle.fuzz.rounds=1` runs it again.
@Timeout(3600)
@TestInstance(Lifecycle.PER_CLASS)
final class FrameFuzzTest {
    static final int CONNECTION_WINDOW = 160_000;
    private static final int MAX_STREAMS = 100;
    private static final int ROUNDS = Integer.getInteger("heddle.fuzz.rounds", 500);
    private static final int STEPS = 100;
    private static final long SEED =
            Long.getLong("heddle.fuzz.seed", ThreadLocalRandom.current().nextLong());
    private static final int NO_LIMIT = 1_000_000;
    private static final long HEAP_MARGIN = 24 << 20;

    private static final Http2Settings HTTP2 =
            new Http2Settings(
                    MAX_STREAMS,
                    Frame.DEFAULT_WINDOW,
                    CONNECTION_WINDOW,
                    Frame.DEFAULT_MAX_SIZE,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(10),
                    Duration.ZERO,
                    NO_LIMIT,
                    NO_LIMIT);

    private final TestServer server =
            new TestServer(
                    TestServer.settings(Duration.ofSeconds(30)), HTTP2, FrameFuzzTest::answer);

    private static void answer(Exchange exchange) throws IOException {
        var headers = Headers.builder().set("x-path", exchange.rawPath()).build();
        if (exchange.rawPath().equals(NormalClient.PATH)) {
            exchange.respond(200, headers, new byte[10]);
            return;
        }
        switch (ModelStream.Path.valueOf(
                exchange.rawPath().substring(1).toUpperCase(Locale.ROOT))) {
            case ECHO -> exchange.respond(200, headers, exchange.body().readAllBytes());
            case PASS -> {
                try (var out = exchange.respond(200, headers)) {
                    exchange.body().transferTo(out);
                    exchange.trailers(Headers.builder().set("x-end", "yes").build());
                }
            }
            case EARLY ->
                    exchange.respond(
                            200,
                            headers,
                            ModelStream.EARLY_ANSWER.getBytes(StandardCharsets.US_ASCII));
            case BIG -> {
                exchange.body().readAllBytes();
                try (var out = exchange.respond(200, headers)) {
                    out.write(ModelStream.big());
                }
            }
            case HOLD -> {
                var gone = new CountDownLatch(1);
                exchange.onPeerGone(gone::countDown);
                try {
                    gone.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                throw new InterruptedIOException("the peer has gone");
            }
        }
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void legalFramesAreAnsweredAndOthersRefused() throws Exception {
        System.out.println("seed " + SEED);
        var threads = Resources.threads();
        try (var normal = new NormalClient(server.port())) {
            var heap = 0L;
            for (var round = 0; round < ROUNDS; round++) {
                run(SEED + round);
                if (round == ROUNDS / 5) {
                    heap = Resources.heap();
                }
            }
            normal.checkServed();
            assertThat(Resources.heap()).as("heap in use").isLessThan(heap + HEAP_MARGIN);
        }
        Resources.awaitThreads(threads);
    }

    private void run(long seed) {
        var random = new Random(seed);
        try (var client = new FuzzClient(server.port(), random)) {
            for (var step = 0; step < STEPS; step++) {
                if (random.nextInt(25) == 0) {
                    client.anyOf(StreamFault.values()).commit(client);
                }
                client.step();
            }
            switch (random.nextInt(3)) {
                case 0 -> breakDown(client, client.anyOf(ConnectionFault.values()));
                case 1 -> {
                    client.finish();
                    fillAllStreams(client);
                }
                default -> client.finish();
            }
        } catch (IOException | AssertionError e) {
            throw new AssertionError("round of seed %d: %s".formatted(seed, e.getMessage()), e);
        }
    }

    private static void breakDown(FuzzClient client, ConnectionFault fault) throws IOException {
        fault.commit(client);
        client.await("GOAWAY for " + fault, () -> client.model.goAway().isPresent());
        var goAway = client.model.goAway().orElseThrow();
        assertThat(fault.codes().stream().map(ErrorCode::value))
                .as("codes %s of GOAWAY for %s: %s", fault.codes(), fault, goAway)
                .contains(goAway.errorCode());
        var answered =
                client.model.streams().stream()
                        .filter(s -> s.status != 0)
                        .mapToInt(s -> s.id)
                        .max()
                        .orElse(0);
        assertThat(goAway.word(0))
                .as("last stream of GOAWAY for %s", fault)
                .isBetween(answered, client.model.highestId());
    }

    /// No stream that has ended, however, takes the place of another.
    private static void fillAllStreams(FuzzClient client) throws IOException {
        for (var i = 0; i < MAX_STREAMS; i++) {
            client.open(ModelStream.Path.ECHO, false);
        }
        client.finish();
    }

    /// Bytes that look like frames at best: no model says what comes, save that it is not our
    /// fault.
    @RepeatedTest(20)
    void garbageIsNoFaultOfOurs() throws Exception {
        var seed = SEED + ThreadLocalRandom.current().nextInt();
        var random = new Random(seed);
        try (var client = RawHttp2.open(server.port())) {
            for (var i = 0; i < 200; i++) {
                var payload = new byte[random.nextInt(64)];
                random.nextBytes(payload);
                var id = random.nextInt(10);
                var frame = RawHttp2.frame(random.nextInt(12), random.nextInt(256), id, payload);
                if (client.flood(1, frame) == 0) {
                    break;
                }
            }
            client.flood(1, RawHttp2.ping(seed));
            var end =
                    client.await(f ->
                            f.is(RawHttp2.GOAWAY)
                                    || (f.is(RawHttp2.PING)
                                            && f.has(RawHttp2.ACK)
                                            && f.word(4) == (int) seed));
            if (end.is(RawHttp2.GOAWAY)) {
                assertThat(end.errorCode())
                        .as("seed %d: %s", seed, end)
                        .isNotIn(
                                EnumSet.of(ErrorCode.INTERNAL_ERROR, ErrorCode.NO_ERROR).stream()
                                        .map(ErrorCode::value)
                                        .toList());
            }
        }
    }
}
