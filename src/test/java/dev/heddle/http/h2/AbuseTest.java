package dev.heddle.http.h2;

import static dev.heddle.testing.RawHttp2.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.http.Exchange;
import dev.heddle.http.helidon.TestServer;
import dev.heddle.rpc.Headers;
import dev.heddle.testing.RawHttp2;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that mean harm, each beside one that does not and must not notice. The bounds are the
/// defaults of [Http2Settings].
@Timeout(60)
final class AbuseTest {
    private static final int MANY = 20_000;
    private static final long HEAP_MARGIN = 48 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final AtomicInteger handled = new AtomicInteger();
    private final AtomicInteger running = new AtomicInteger();
    private final long threads = Resources.threads();
    private final TestServer server =
            new TestServer(TestServer.settings(PATIENCE), Http2Settings.DEFAULT, this::answer);
    private final NormalClient normal;
    private long heap;

    AbuseTest() throws IOException {
        normal = new NormalClient(server.port());
    }

    private void answer(Exchange exchange) throws IOException {
        if (exchange.rawPath().equals(NormalClient.PATH)) {
            exchange.respond(200, Headers.empty(), new byte[10]);
            return;
        }
        handled.incrementAndGet();
        running.incrementAndGet();
        try {
            switch (exchange.rawPath()) {
                case "/large" -> exchange.respond(200, Headers.empty(), new byte[64 * 1024]);
                case "/echo" ->
                        exchange.respond(200, Headers.empty(), exchange.body().readAllBytes());
                default -> awaitPeerGone(exchange);
            }
        } finally {
            running.decrementAndGet();
        }
    }

    private static void awaitPeerGone(Exchange exchange) throws IOException {
        var gone = new CountDownLatch(1);
        exchange.onPeerGone(gone::countDown);
        try {
            gone.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        throw new IOException("the peer has gone");
    }

    @BeforeEach
    void measure() {
        normal.checkServed();
        heap = Resources.heap();
    }

    @AfterEach
    void nothingIsLeftBehind() throws IOException {
        try (server;
                normal) {
            normal.checkServed();
            Resources.await("end of handlers", () -> running.get() == 0);
            assertThat(Resources.heap()).as("heap in use").isLessThan(heap + HEAP_MARGIN);
        }
        Resources.awaitThreads(threads);
    }

    /// Frames of which each costs a client nothing.
    enum Flood {
        SETTINGS,
        EMPTY_SETTINGS,
        SETTINGS_ACK,
        WINDOW_SETTINGS,
        TABLE_SETTINGS,
        PING,
        PING_ACK,
        PRIORITY,
        EMPTY_DATA,
        PADDED_EMPTY_DATA,
        WINDOW_UPDATE,
        STREAM_WINDOW_UPDATE,
        GOAWAY,
        UNKNOWN;

        byte[] bytes() {
            return switch (this) {
                case SETTINGS -> RawHttp2.settings(Frame.SETTINGS_MAX_FRAME_SIZE, 20_000);
                case EMPTY_SETTINGS -> RawHttp2.settings();
                case SETTINGS_ACK -> frame(RawHttp2.SETTINGS, RawHttp2.ACK, 0);
                case WINDOW_SETTINGS -> manySettings(Frame.SETTINGS_INITIAL_WINDOW_SIZE);
                case TABLE_SETTINGS -> manySettings(Frame.SETTINGS_HEADER_TABLE_SIZE);
                case PING -> RawHttp2.ping(1);
                case PING_ACK -> frame(RawHttp2.PING, RawHttp2.ACK, 0, new byte[8]);
                case PRIORITY -> frame(RawHttp2.PRIORITY, 0, 3, new byte[5]);
                case EMPTY_DATA -> RawHttp2.data(1, false);
                case PADDED_EMPTY_DATA ->
                        frame(RawHttp2.DATA, RawHttp2.PADDED, 1, (byte) 2, (byte) 0, (byte) 0);
                case WINDOW_UPDATE -> RawHttp2.windowUpdate(0, 1);
                case STREAM_WINDOW_UPDATE -> RawHttp2.windowUpdate(1, 1);
                case GOAWAY -> frame(RawHttp2.GOAWAY, 0, 0, new byte[8]);
                case UNKNOWN -> frame(99, 0, 0, new byte[3]);
            };
        }

        private static byte[] manySettings(int id) {
            var settings = new int[200];
            for (var i = 0; i < settings.length; i += 2) {
                settings[i] = id;
                settings[i + 1] = i;
            }
            return RawHttp2.settings(settings);
        }
    }

    @ParameterizedTest
    @EnumSource
    void floodOfFramesThatCarryNothingEnds(Flood flood) throws IOException {
        try (var client = RawHttp2.open(server.port())) {
            client.send(RawHttp2.request(1, false, "POST", "/hold"));
            client.flood(MANY, flood.bytes());

            assertCalm(client);
        }
    }

    /// CVE-2023-44487.
    @Test
    void rapidResetEnds() throws IOException {
        try (var client = RawHttp2.open(server.port())) {
            rapidReset(client, "/hold");

            assertCalm(client);
        }
        assertThat(handled.get()).as("requests that reached the handler").isLessThan(5_000);
    }

    /// The handlers end well, but nobody wants to know.
    @Test
    void rapidResetOfStreamsThatNeedWindowEnds() throws IOException {
        try (var client = RawHttp2.open(server.port(), Frame.SETTINGS_INITIAL_WINDOW_SIZE, 0)) {
            rapidReset(client, "/large");

            assertCalm(client);
        }
        assertThat(handled.get()).as("requests that reached the handler").isLessThan(5_000);
    }

    private static void rapidReset(RawHttp2 client, String path) {
        for (var id = 1; id < 2 * MANY; id += 2) {
            var attack =
                    RawHttp2.join(RawHttp2.request(id, true, "GET", path), RawHttp2.reset(id, 8));
            if (client.flood(1, attack) == 0) {
                return;
            }
        }
    }

    /// CVE-2025-8671, also known as MadeYouReset: it is the server that resets.
    enum Provocation {
        UPDATE_BY_NOTHING,
        UPDATE_BY_TOO_MUCH,
        DATA_BEHIND_THE_END,
        HEADERS_BEHIND_THE_END,
        PRIORITY_OF_WRONG_LENGTH,
        BODY_TOO_LONG,
        SELF_DEPENDENCY,
        MALFORMED_REQUEST;

        byte[] bytes(int id) {
            var request = RawHttp2.request(id, false, "POST", "/hold");
            var complete = RawHttp2.request(id, true, "POST", "/hold");
            return switch (this) {
                case UPDATE_BY_NOTHING -> RawHttp2.join(complete, RawHttp2.windowUpdate(id, 0));
                case UPDATE_BY_TOO_MUCH ->
                        RawHttp2.join(complete, RawHttp2.windowUpdate(id, Integer.MAX_VALUE));
                case DATA_BEHIND_THE_END ->
                        RawHttp2.join(complete, RawHttp2.data(id, false, (byte) 1));
                case HEADERS_BEHIND_THE_END -> RawHttp2.join(complete, complete);
                case PRIORITY_OF_WRONG_LENGTH ->
                        RawHttp2.join(request, frame(RawHttp2.PRIORITY, 0, id, new byte[4]));
                case BODY_TOO_LONG ->
                        RawHttp2.join(
                                RawHttp2.headers(
                                        id,
                                        false,
                                        ":method",
                                        "POST",
                                        ":scheme",
                                        "http",
                                        ":path",
                                        "/hold",
                                        "content-length",
                                        "1"),
                                RawHttp2.data(id, false, new byte[2]));
                case SELF_DEPENDENCY ->
                        frame(
                                RawHttp2.HEADERS,
                                RawHttp2.END_HEADERS | RawHttp2.PRIORITIZED,
                                id,
                                RawHttp2.join(
                                        RawHttp2.word(id),
                                        new byte[1],
                                        RawHttp2.block(":method", "GET")));
                case MALFORMED_REQUEST -> RawHttp2.headers(id, true, ":method", "GET");
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void provokedResetsEnd(Provocation provocation) throws IOException {
        try (var client = RawHttp2.open(server.port())) {
            for (var id = 1; id < 2 * MANY; id += 2) {
                if (client.flood(1, provocation.bytes(id)) == 0) {
                    break;
                }
            }

            assertCalm(client);
        }
        assertThat(handled.get()).as("requests that reached the handler").isLessThan(5_000);
    }

    @Test
    void streamsBeyondTheBoundAreRefusedAndThatEnds() throws IOException {
        try (var client = RawHttp2.open(server.port())) {
            for (var id = 1; id < 2 * MANY; id += 2) {
                if (client.flood(1, RawHttp2.request(id, true, "GET", "/hold")) == 0) {
                    break;
                }
            }
            var refused = client.await(RawHttp2.RST_STREAM);

            assertThat(refused.errorCode()).isEqualTo(ErrorCode.REFUSED_STREAM.value());
            assertCalm(client);
        }
        assertThat(handled.get()).isLessThanOrEqualTo(250);
    }

    /// A block that never ends, of pieces large, small, or empty.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 16_384})
    void floodOfContinuationsEnds(int size) throws IOException {
        try (var client = RawHttp2.open(server.port())) {
            client.send(frame(RawHttp2.HEADERS, 0, 1, RawHttp2.block("a", "b")));
            client.flood(40_000, frame(RawHttp2.CONTINUATION, 0, 1, new byte[size]));

            assertCalm(client);
        }
        assertThat(handled.get()).isZero();
    }

    @Test
    void headerListThatIsTooLongIsRefused() throws IOException {
        try (var client = RawHttp2.open(server.port())) {
            // 8 KiB of empty fields, which weigh 32 bytes each.
            var fields = new byte[8 * 1024];
            for (var i = 0; i < fields.length; i += 4) {
                fields[i + 1] = 1;
                fields[i + 2] = 'a';
            }
            client.send(block(1, RawHttp2.join(head(), fields)));

            assertRefused(client, 1);
            assertServed(client, 3);
        }
        assertThat(handled.get()).isEqualTo(1);
    }

    /// One large entry of the table, and then a byte for every time that it comes.
    @Test
    void hpackBombIsRefusedAndCostsNoMemory() throws IOException {
        try (var client = RawHttp2.open(server.port())) {
            var bomb = new ByteArrayOutputStream();
            bomb.writeBytes(head());
            bomb.write(0x40);
            bomb.write(1);
            bomb.write('x');
            // 3900 as HPACK has it: 127, and 3773 in sevens of bits
            bomb.write(127);
            bomb.write((3773 % 128) | 128);
            bomb.write(3773 / 128);
            bomb.writeBytes(new byte[3900]);
            for (var i = 0; i < 10_000; i++) {
                // the newest entry
                bomb.write(0x80 | 62);
            }
            for (var id = 1; id < 200; id += 2) {
                client.send(block(id, bomb.toByteArray()));
                assertRefused(client, id);
            }
            assertServed(client, 201);
        }
        assertThat(handled.get()).isEqualTo(1);
    }

    /// Answers that nobody takes are dropped after the write timeout.
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void tinyWindowsPinMemoryForABoundedTime(int window) throws IOException {
        try (var client =
                RawHttp2.open(server.port(), Frame.SETTINGS_INITIAL_WINDOW_SIZE, window)) {
            for (var id = 1; id < 500; id += 2) {
                client.send(RawHttp2.request(id, true, "GET", "/large"));
            }
            for (var i = 0; i < 250; i++) {
                var reset = client.await(RawHttp2.RST_STREAM);
                assertThat(reset.errorCode()).isEqualTo(ErrorCode.ENHANCE_YOUR_CALM.value());
            }
            assertThat(handled.get()).isEqualTo(250);
        }
    }

    /// A crumb at a time keeps nothing alive beyond the write timeout.
    @Test
    void crumbsOfWindowEnd() throws IOException {
        try (var client = RawHttp2.open(server.port(), Frame.SETTINGS_INITIAL_WINDOW_SIZE, 0)) {
            client.send(RawHttp2.request(1, true, "GET", "/large"));
            client.flood(MANY, RawHttp2.windowUpdate(1, 1));

            assertCalm(client);
        }
    }

    /// It asks for answers without end and never reads one: the socket fills up, and then the bound
    /// of what waits to be written is all that it gets.
    @Test
    void peerThatNeverReadsIsCutOff() throws IOException {
        try (var client = RawHttp2.deaf(server.port())) {
            client.send(RawHttp2.windowUpdate(0, 1 << 30));
            for (var id = 1; id < 500; id += 2) {
                client.send(
                        RawHttp2.request(id, true, "GET", "/large"),
                        RawHttp2.windowUpdate(id, 1 << 20));
            }
            // Each answer excuses a ping: there must be an end to it all the same.
            var pings = client.flood(5_000_000, RawHttp2.ping(1));

            assertThat(pings).isLessThan(5_000_000);
            Resources.await("end of handlers", () -> running.get() == 0);
        }
    }

    private static byte[] head() {
        return RawHttp2.block(
                ":method", "GET", ":scheme", "http", ":path", "/echo", ":authority", "a");
    }

    private static byte[] block(int id, byte[] block) {
        return frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS | RawHttp2.END_STREAM, id, block);
    }

    private static void assertRefused(RawHttp2 client, int id) throws IOException {
        var answer = client.await(f -> f.stream() == id);
        assertThat(answer.is(RawHttp2.HEADERS)).as("%s", answer).isTrue();
        var body = client.await(f -> f.stream() == id);
        assertThat(new String(body.payload(), StandardCharsets.UTF_8))
                .contains("header fields are too large");
        assertThat(body.has(RawHttp2.END_STREAM)).isTrue();
    }

    private static void assertServed(RawHttp2 client, int id) throws IOException {
        client.send(RawHttp2.request(id, true, "GET", "/echo"));
        var answer = client.await(f -> f.stream() == id);
        assertThat(answer.is(RawHttp2.HEADERS)).as("%s", answer).isTrue();
        // :status 200 of the static table
        assertThat(answer.payload()[0]).isEqualTo((byte) 0x88);
    }

    private static void assertCalm(RawHttp2 client) throws IOException {
        var end = client.await(RawHttp2.GOAWAY);
        assertThat(end.errorCode()).as("%s", end).isEqualTo(ErrorCode.ENHANCE_YOUR_CALM.value());
    }
}
