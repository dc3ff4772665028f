package dev.heddle.http.websocket;

import static dev.heddle.http.websocket.RawWebSocket.BINARY;
import static dev.heddle.http.websocket.RawWebSocket.CLOSE;
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
import java.util.HexFormat;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What RFC 6455 says of frames, in the order of the Autobahn test suite.
@Timeout(60)
@TestInstance(Lifecycle.PER_CLASS)
final class ProtocolTest {
    private static final int MAX_MESSAGE_SIZE = 300_000;

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
        return RawWebSocket.open(server.port(), "/");
    }

    /// Whoever breaks the protocol gets a close frame with its code.
    private void assertClosed(int code, byte[]... frames) throws IOException {
        try (var socket = open()) {
            var all = new ByteArrayOutputStream();
            for (var frame : frames) {
                all.writeBytes(frame);
            }
            // at once, for the server may close before the last
            socket.send(all.toByteArray());
            var close = socket.receive();
            assertThat(close.first()).isEqualTo(FINAL | CLOSE);
            assertThat(close.closeCode()).as(close.bytes()).isEqualTo(code);
        }
    }

    @Test
    void serverIsTheFirstToCloseTheConnection() throws IOException {
        try (var socket = open()) {
            socket.close(1000);
            assertThat(socket.receive().closeCode()).isEqualTo(1000);
            assertThat(socket.isClosedByServer()).isTrue();
        }
        try (var socket = open()) {
            socket.send(FINAL | 3, "");
            assertThat(socket.receive().closeCode()).isEqualTo(1002);
            assertThat(socket.isClosedByServer()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 128, 65_535, 65_536, 300_000})
    void messageOfAnyLengthComesBack(int length) throws IOException {
        try (var socket = open()) {
            var text = "*".repeat(length);
            assertThat(socket.send(text).receiveText()).isEqualTo(text);

            var binary = new byte[length];
            Arrays.fill(binary, (byte) 0xfe);
            socket.send(frame(FINAL | BINARY, binary));
            var first = socket.receive();
            assertThat(first.first() & 0x0f).isEqualTo(BINARY);
        }
    }

    @Test
    void byteAtATimeIsAsGoodAsAll() throws IOException {
        try (var socket = open()) {
            for (var b : frame(FINAL | TEXT, "slow but sure".getBytes(StandardCharsets.UTF_8))) {
                socket.send(new byte[] {b});
            }
            assertThat(socket.receiveText()).isEqualTo("slow but sure");
        }
    }

    @Test
    void frameInThePacketOfTheHandshakeIsNotLost() throws IOException {
        try (var socket = new RawWebSocket(server.port())) {
            var handshake = RawWebSocket.handshake("/");
            var frame = frame(FINAL | TEXT, "eager".getBytes(StandardCharsets.UTF_8));
            var both = Arrays.copyOf(handshake, handshake.length + frame.length);
            System.arraycopy(frame, 0, both, handshake.length, frame.length);

            assertThat(socket.send(both).readHead().getFirst()).startsWith("HTTP/1.1 101");
            assertThat(socket.receiveText()).isEqualTo("eager");
        }
    }

    @Test
    void pingIsAnsweredWithItsPayload() throws IOException {
        try (var socket = open()) {
            for (var payload : new String[] {"", "hello", "x".repeat(125)}) {
                socket.send(FINAL | PING, payload);
                assertThat(socket.receive())
                        .isEqualTo(new RawWebSocket.Frame(FINAL | PONG, payload));
            }
        }
    }

    @Test
    void pingBetweenFragmentsIsAnsweredBeforeTheMessage() throws IOException {
        try (var socket = open()) {
            socket.send(TEXT, "frag").send(FINAL | PING, "now").send(CONTINUATION, "");
            assertThat(socket.receive()).isEqualTo(new RawWebSocket.Frame(FINAL | PONG, "now"));
            socket.send(FINAL | PONG, "unasked").send(FINAL | CONTINUATION, "ments");
            assertThat(socket.receiveText()).isEqualTo("fragments");
        }
    }

    @Test
    void textMayBeCutWithinACharacter() throws IOException {
        try (var socket = open()) {
            var text = "κόσμε \uD83E\uDDF5 ½ 糸 \uFFFF \uDBFF\uDFFF \u0000";
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            socket.send(TEXT, "");
            for (var b : bytes) {
                socket.send(CONTINUATION, new byte[] {b});
            }
            socket.send(FINAL | CONTINUATION, "");
            assertThat(socket.receiveText()).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cebae1bdb9cf83cebcceb5eda080656469746564",
                "80",
                "bf",
                "c0af",
                "c180",
                "c3",
                "c328",
                "e0809f",
                "e08080",
                "e28228",
                "eda080",
                "edbfbf",
                "f0808080",
                "f08282ac",
                "f4908080",
                "f5808080",
                "f888808080",
                "fe",
                "ff",
                "61ff62",
                "f09f98"
            })
    void textThatIsNotUtf8IsRefusedWhereverItIsCut(String hex) throws IOException {
        var bytes = HexFormat.of().parseHex(hex);
        assertClosed(1007, frame(FINAL | TEXT, bytes));

        var fragments = new byte[bytes.length + 2][];
        fragments[0] = frame(TEXT, new byte[0]);
        for (var i = 0; i < bytes.length; i++) {
            fragments[i + 1] = frame(CONTINUATION, new byte[] {bytes[i]});
        }
        fragments[bytes.length + 1] = frame(FINAL | CONTINUATION, new byte[0]);
        assertClosed(1007, fragments);
    }

    @Test
    void textIsRefusedAsSoonAsItIsWrong() throws IOException {
        assertClosed(1007, frame(TEXT, new byte[] {'a', (byte) 0xff}));
        // within a frame, whose rest never comes
        var begun = frame(FINAL | TEXT, 2, 1000, new byte[] {'a', (byte) 0xff});
        assertClosed(1007, begun);
    }

    @Test
    void binaryMayBeAnything() throws IOException {
        try (var socket = open()) {
            socket.send(FINAL | BINARY, new byte[] {(byte) 0xff, (byte) 0xc0});
            assertThat(socket.receive().payload()).isEqualTo(new byte[] {(byte) 0xff, (byte) 0xc0});
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x40, 0x20, 0x10, 0x50, 0x70})
    void reservedBitIsRefused(int bits) throws IOException {
        assertClosed(1002, frame(FINAL | bits | TEXT, new byte[] {'x'}));
        assertClosed(1002, frame(FINAL | bits | PING, new byte[0]));
        assertClosed(1002, frame(FINAL | bits | CLOSE, new byte[0]));
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 11, 12, 13, 14, 15})
    void reservedOpcodeIsRefused(int opcode) throws IOException {
        assertClosed(1002, frame(FINAL | opcode, new byte[0]));
        assertClosed(1002, frame(TEXT, new byte[] {'x'}), frame(FINAL | opcode, new byte[] {1}));
    }

    @Test
    void framesOutOfOrderAreRefused() throws IOException {
        var piece = new byte[] {'x'};
        assertClosed(1002, frame(FINAL | CONTINUATION, piece));
        assertClosed(1002, frame(CONTINUATION, piece));
        assertClosed(1002, frame(TEXT, piece), frame(FINAL | TEXT, piece));
        assertClosed(1002, frame(TEXT, piece), frame(BINARY, piece));
    }

    @Test
    void controlFrameMustBeShortAndWhole() throws IOException {
        assertClosed(1002, frame(PING, new byte[0]));
        assertClosed(1002, frame(PONG, new byte[0]));
        assertClosed(1002, frame(CLOSE, new byte[] {3, (byte) 0xe8}));
        assertClosed(1002, frame(FINAL | PING, new byte[126]));
        assertClosed(1002, frame(FINAL | CLOSE, 2, 126, new byte[0]));
    }

    @Test
    void frameWithoutMaskIsRefused() throws IOException {
        assertClosed(1002, new byte[] {(byte) (FINAL | TEXT), 1, 'x'});
    }

    @Test
    void lengthMustBeInItsShortestForm() throws IOException {
        assertClosed(1002, frame(FINAL | BINARY, 2, 125, new byte[0]));
        assertClosed(1002, frame(FINAL | BINARY, 8, 65_535, new byte[0]));
        assertClosed(1002, frame(FINAL | BINARY, 8, Long.MIN_VALUE, new byte[0]));
        assertClosed(1002, frame(FINAL | BINARY, 8, -1, new byte[0]));
    }

    @Test
    void messageThatIsTooLongIsRefusedBeforeItIsRead() throws IOException {
        assertClosed(1009, frame(FINAL | BINARY, 8, Long.MAX_VALUE, new byte[0]));
        assertClosed(1009, frame(FINAL | TEXT, 8, MAX_MESSAGE_SIZE + 1, new byte[0]));
        assertClosed(
                1009,
                frame(BINARY, new byte[200_000]),
                frame(CONTINUATION, 8, 100_001, new byte[0]));
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 3000, 3999, 4000, 4999
            })
    void closeIsAnsweredWithItsCode(int code) throws IOException {
        assertClosed(code, frame(FINAL | CLOSE, new byte[] {(byte) (code >> 8), (byte) code}));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535})
    void codeThatMustNotBeSentIsRefused(int code) throws IOException {
        assertClosed(1002, frame(FINAL | CLOSE, new byte[] {(byte) (code >> 8), (byte) code}));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80 | RawWebSocket.PING, 0x80 | RawWebSocket.PONG, 0})
    void floodOfFramesThatCarryNothingIsRefused(int first) throws IOException {
        try (var socket = RawWebSocket.open(server.port(), "/")) {
            if (first == RawWebSocket.CONTINUATION) {
                socket.send(RawWebSocket.TEXT, "x");
            }
            var flood = new ByteArrayOutputStream();
            for (var i = 0; i < 20_000; i++) {
                flood.writeBytes(RawWebSocket.frame(first, new byte[0]));
            }
            Thread.ofVirtual().start(() -> sendAsFarAsItGoes(socket, flood.toByteArray()));
            var frame = socket.receive();
            while ((frame.first() & 0x0f) == RawWebSocket.PONG) {
                frame = socket.receive();
            }
            assertThat(frame.closeCode()).isEqualTo(1008);
        }
    }

    private static void sendAsFarAsItGoes(RawWebSocket socket, byte[] bytes) {
        try {
            socket.send(bytes);
        } catch (IOException _) {
            // The server has cut it, as it should.
        }
    }

    @Test
    void closeMayHaveNoCodeButNotHalfOfOne() throws IOException {
        assertClosed(1005, frame(FINAL | CLOSE, new byte[0]));
        assertClosed(1002, frame(FINAL | CLOSE, new byte[] {3}));
    }

    @Test
    void reasonOfACloseMustBeUtf8() throws IOException {
        assertClosed(1000, frame(FINAL | CLOSE, new byte[] {3, (byte) 0xe8, 'o', 'k'}));
        assertClosed(1007, frame(FINAL | CLOSE, new byte[] {3, (byte) 0xe8, (byte) 0xff}));
    }

    @Test
    void whatFollowsACloseIsDropped() throws IOException {
        assertClosed(
                1000,
                frame(FINAL | CLOSE, new byte[] {3, (byte) 0xe8}),
                frame(FINAL | TEXT, new byte[] {'x'}),
                frame(FINAL | PING, new byte[0]));
    }

    @Test
    void reasonThatIsTooLongIsCutBetweenCharacters() throws IOException {
        try (var socket = RawWebSocket.open(server.port(), "/farewell")) {
            var close = socket.receive();
            assertThat(close.closeCode()).isEqualTo(1001);
            assertThat(new String(close.payload(), 2, 123, StandardCharsets.UTF_8))
                    .isEqualTo("€".repeat(41));

            // what the peer sends before its own close frame is read and dropped
            socket.send("too late").send(FINAL | PING, "").close(1000);
            assertThat(socket.isClosedByServer()).isTrue();
        }
    }

    @Test
    void compressionThatWasNotAgreedOnIsRefused() throws IOException {
        assertClosed(1002, frame(FINAL | RSV1 | TEXT, new byte[] {1, 2, 3}));
    }

    // The handshake

    @Test
    void handshakeShowsThatTheKeyWasUnderstood() throws IOException {
        try (var socket = new RawWebSocket(server.port())) {
            assertThat(socket.shakeHands("/"))
                    .contains(
                            "HTTP/1.1 101 Switching Protocols",
                            "connection: Upgrade",
                            "upgrade: websocket",
                            "sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-WebSocket-Version: 13, Sec-WebSocket-Version: 8, 426",
        "Sec-WebSocket-Version: 13, X: y, 426",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==, X: y, 400",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==, Sec-WebSocket-Key: dGhl, 400",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==, Sec-WebSocket-Key: !!, 400",
        "'Connection: keep-alive, Upgrade', Connection: keep-alive, 426",
        "Upgrade: websocket, Upgrade: h2c, 426",
        "GET / HTTP/1.1, POST / HTTP/1.1, 426",
    })
    void handshakeThatIsNoneIsAnsweredByHttp(String line, String instead, int status)
            throws IOException {
        var request = new String(RawWebSocket.handshake("/"), StandardCharsets.US_ASCII);
        assertThat(request).contains(line);
        try (var socket = new RawWebSocket(server.port())) {
            socket.send(request.replace(line, instead).getBytes(StandardCharsets.US_ASCII));
            var head = socket.readHead();
            assertThat(head.getFirst()).startsWith("HTTP/1.1 " + status);
            if (status == 426) {
                assertThat(head).contains("upgrade: websocket");
            }
        }
    }
}
