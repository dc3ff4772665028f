package dev.heddle.http.websocket;

import static dev.heddle.http.websocket.RawWebSocket.BINARY;
import static dev.heddle.http.websocket.RawWebSocket.CONTINUATION;
import static dev.heddle.http.websocket.RawWebSocket.FINAL;
import static dev.heddle.http.websocket.RawWebSocket.PING;
import static dev.heddle.http.websocket.RawWebSocket.PONG;
import static dev.heddle.http.websocket.RawWebSocket.RSV1;
import static dev.heddle.http.websocket.RawWebSocket.TEXT;
import static dev.heddle.http.websocket.RawWebSocket.frame;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// permessage-deflate, RFC 7692.
@Timeout(60)
@TestInstance(Lifecycle.PER_CLASS)
final class DeflateTest {
    private static final int MAX_MESSAGE_SIZE = 1 << 20;
    private static final String OFFER = "Sec-WebSocket-Extensions: permessage-deflate";
    private static final String AGREED =
            "sec-websocket-extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    private final EchoServer server =
            new EchoServer(
                    new Settings(
                            MAX_MESSAGE_SIZE,
                            true,
                            Duration.ofSeconds(30),
                            Duration.ofSeconds(30),
                            Duration.ofSeconds(5),
                            1000),
                    Duration.ofSeconds(10));

    @AfterAll
    void stop() {
        server.close();
    }

    private RawWebSocket open() throws IOException {
        return RawWebSocket.open(server.port(), "/", OFFER);
    }

    private static byte[] deflate(byte[] bytes, int flush) {
        var deflater = new Deflater(9, true);
        deflater.setInput(bytes);
        if (flush == Deflater.NO_FLUSH) {
            deflater.finish();
        }
        var buffer = new byte[bytes.length + 100];
        var length = deflater.deflate(buffer, 0, buffer.length, flush);
        deflater.end();
        return Arrays.copyOf(buffer, flush == Deflater.NO_FLUSH ? length : length - 4);
    }

    private static byte[] deflate(String text) {
        return deflate(text.getBytes(StandardCharsets.UTF_8), Deflater.SYNC_FLUSH);
    }

    /// Reads a message that is compressed.
    private static String inflated(RawWebSocket socket) throws IOException, DataFormatException {
        var bytes = new ByteArrayOutputStream();
        var frame = socket.receive();
        assertThat(frame.first() & RSV1).isNotZero();
        bytes.writeBytes(frame.payload());
        while ((frame.first() & FINAL) == 0) {
            frame = socket.receive();
            assertThat(frame.first() & ~FINAL).isEqualTo(CONTINUATION);
            bytes.writeBytes(frame.payload());
        }
        bytes.writeBytes(new byte[] {0, 0, -1, -1});
        var inflater = new Inflater(true);
        inflater.setInput(bytes.toByteArray());
        var text = new byte[MAX_MESSAGE_SIZE];
        var length = inflater.inflate(text);
        inflater.end();
        return new String(text, 0, length, StandardCharsets.UTF_8);
    }

    private void assertClosed(int code, byte[]... frames) throws IOException {
        try (var socket = open()) {
            for (var frame : frames) {
                socket.send(frame);
            }
            var close = socket.receive();
            assertThat(close.first()).isEqualTo(FINAL | RawWebSocket.CLOSE);
            assertThat(close.closeCode()).isEqualTo(code);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "permessage-deflate, true",
        "permessage-deflate; client_max_window_bits, true",
        "permessage-deflate; client_max_window_bits=8, true",
        "permessage-deflate; client_max_window_bits=\"15\", true",
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover, true",
        "permessage-deflate; server_max_window_bits=15, true",
        "permessage-deflate; server_max_window_bits=10, false",
        "'permessage-deflate; server_max_window_bits=10, permessage-deflate', true",
        "permessage-deflate; server_max_window_bits, false",
        "permessage-deflate; client_max_window_bits=16, false",
        "permessage-deflate; client_max_window_bits=08, false",
        "permessage-deflate; server_no_context_takeover=1, false",
        "permessage-deflate; client_no_context_takeover; client_no_context_takeover, false",
        "permessage-deflate; unheard_of, false",
        "x-webkit-deflate-frame, false",
        "'x-webkit-deflate-frame, permessage-deflate', true",
    })
    void offerIsTakenIfItCanBeMet(String offer, boolean isTaken) throws IOException {
        try (var socket = new RawWebSocket(server.port())) {
            var head = socket.shakeHands("/", "Sec-WebSocket-Extensions: " + offer);
            assertThat(head.stream().filter(line -> line.startsWith("sec-websocket-ext")))
                    .isEqualTo(isTaken ? java.util.List.of(AGREED) : java.util.List.of());
        }
    }

    @Test
    void compressedMessageIsUnderstoodAndLongAnswersAreCompressed()
            throws IOException, DataFormatException {
        try (var socket = open()) {
            socket.send(FINAL | RSV1 | TEXT, deflate("short"));
            assertThat(socket.receiveText()).isEqualTo("short");

            var text = "a long text that repeats itself ½ ".repeat(1000);
            for (var i = 0; i < 3; i++) {
                socket.send(FINAL | RSV1 | TEXT, deflate(text));
                assertThat(inflated(socket)).isEqualTo(text);
            }
            socket.send(text);
            assertThat(inflated(socket)).isEqualTo(text);
        }
    }

    @Test
    void compressedMessageMayBeFragmentedAnywhere() throws IOException, DataFormatException {
        try (var socket = open()) {
            var text = "fragments of something ½ ".repeat(100);
            var bytes = deflate(text);
            socket.send(RSV1 | TEXT, new byte[0]);
            for (var b : bytes) {
                socket.send(CONTINUATION, new byte[] {b});
            }
            socket.send(FINAL | PING, "").send(FINAL | CONTINUATION, "");
            assertThat(socket.receive().first()).isEqualTo(FINAL | PONG);
            assertThat(inflated(socket)).isEqualTo(text);
        }
    }

    @Test
    void longAnswerComesInSeveralFrames() throws IOException, DataFormatException {
        var seed = System.nanoTime();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        var text = new StringBuilder();
        for (var i = 0; i < 300_000; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        try (var socket = open()) {
            socket.send(text.toString());
            assertThat(inflated(socket)).isEqualTo(text.toString());
        }
    }

    @Test
    void lastBlockMayBeFollowedByAnother() throws IOException {
        try (var socket = open()) {
            // RFC 7692, section 7.2.3.4: behind a final block an empty one
            var bytes = deflate("Hello".getBytes(StandardCharsets.UTF_8), Deflater.NO_FLUSH);
            socket.send(FINAL | RSV1 | TEXT, Arrays.copyOf(bytes, bytes.length + 1));
            assertThat(socket.receiveText()).isEqualTo("Hello");

            // section 7.2.3.5: two blocks
            socket.send(
                    FINAL | RSV1 | TEXT,
                    new byte[] {
                        (byte) 0xf2,
                        0x48,
                        0x05,
                        0x00,
                        0x00,
                        0x00,
                        (byte) 0xff,
                        (byte) 0xff,
                        (byte) 0xca,
                        (byte) 0xc9,
                        (byte) 0xc9,
                        0x07,
                        0x00
                    });
            assertThat(socket.receiveText()).isEqualTo("Hello");

            socket.send(FINAL | RSV1 | TEXT, new byte[] {0});
            assertThat(socket.receiveText()).isEmpty();
        }
    }

    @Test
    void messageThatWouldBecomeTooLongIsRefused() throws IOException {
        var bomb = deflate(new byte[100 * MAX_MESSAGE_SIZE], Deflater.SYNC_FLUSH);
        assertThat(bomb.length).isLessThan(MAX_MESSAGE_SIZE);
        assertClosed(1009, frame(FINAL | RSV1 | BINARY, bomb));

        var justRight = deflate(new byte[MAX_MESSAGE_SIZE], Deflater.SYNC_FLUSH);
        try (var socket = open()) {
            socket.send(FINAL | RSV1 | BINARY, justRight);
            assertThat(socket.receive().first() & 0x0f).isEqualTo(BINARY);
        }
    }

    @Test
    void brokenCompressionIsRefused() throws IOException {
        assertClosed(1007, frame(FINAL | RSV1 | TEXT, new byte[] {7, 7, 7, 7, 7}));
        var invalid = deflate(new byte[] {'a', (byte) 0xff}, Deflater.SYNC_FLUSH);
        assertClosed(1007, frame(FINAL | RSV1 | TEXT, invalid));
        var half = deflate(new byte[] {'a', (byte) 0xc3}, Deflater.SYNC_FLUSH);
        assertClosed(1007, frame(FINAL | RSV1 | TEXT, half));
    }

    @Test
    void onlyTheFirstFrameSaysThatAMessageIsCompressed() throws IOException {
        var bytes = deflate("x");
        assertClosed(1002, frame(RSV1 | TEXT, bytes), frame(FINAL | RSV1 | CONTINUATION, bytes));
        assertClosed(1002, frame(FINAL | RSV1 | PING, new byte[0]));
    }

    @Test
    void nothingIsAgreedOnWhereItIsNotWanted() {
        var headers =
                dev.heddle.rpc.Headers.builder()
                        .add("sec-websocket-extensions", "permessage-deflate")
                        .build();
        assertThat(Extensions.answer(headers)).isPresent();
        assertThat(Extensions.answer(dev.heddle.rpc.Headers.empty())).isEqualTo(Optional.empty());
    }
}
