package dev.heddle.facade.websocket;

import static dev.heddle.http.websocket.RawWebSocket.BINARY;
import static dev.heddle.http.websocket.RawWebSocket.CLOSE;
import static dev.heddle.http.websocket.RawWebSocket.CONTINUATION;
import static dev.heddle.http.websocket.RawWebSocket.FINAL;
import static dev.heddle.http.websocket.RawWebSocket.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.http.websocket.RawWebSocket;
import dev.heddle.testing.GatewayTest;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a client of `websocket.proto` sees, envelope by envelope.
@Timeout(60)
final class EnvelopeTest extends GatewayTest {
    private static final String ECHO = "/ws/heddle.diagnostics.v1.DiagnosticsService/Echo";
    private static final String STREAM = ECHO + "Stream";
    private static final String CHAT = ECHO + "Chat";

    private final int port;

    EnvelopeTest(URI gateway) {
        this.port = gateway.getPort();
    }

    private RawWebSocket open(String target) throws IOException {
        return RawWebSocket.open(port, target, "Authorization: Bearer " + token());
    }

    private static void assertClose(RawWebSocket socket, int code) throws IOException {
        var close = socket.receive();
        assertThat(close.first()).as(close.bytes()).isEqualTo(FINAL | CLOSE);
        assertThat(close.closeCode()).as(close.bytes()).isEqualTo(code);
        socket.close(1000);
        assertThat(socket.isClosedByServer()).isTrue();
    }

    private static void assertEnd(RawWebSocket socket) throws IOException {
        assertThat(socket.receiveText()).isEqualTo("{\"type\":\"end\"}");
        assertClose(socket, 1000);
    }

    private static void assertError(RawWebSocket socket, int canonical, String reason, int code)
            throws IOException {
        assertThat(socket.receiveText())
                .startsWith("{\"type\":\"error\",\"status\":{\"code\":" + canonical + ",")
                .contains(reason);
        assertClose(socket, code);
    }

    // Calls

    @Test
    void pingIsAnsweredAtAnyTime() throws IOException {
        try (var socket = open(CHAT)) {
            assertThat(socket.send("{\"type\":\"ping\"}").receiveText())
                    .isEqualTo("{\"type\":\"pong\"}");
            socket.send("{\"type\":\"request\"}");
            assertThat(socket.send("{ \"type\" : \"ping\" }").receiveText())
                    .isEqualTo("{\"type\":\"pong\"}");
            socket.send("{\"type\":\"half-close\"}");
            assertEnd(socket);
        }
    }

    @Test
    void unaryCallIsARequestAndItsAnswer() throws IOException {
        try (var socket = open(ECHO)) {
            socket.send("{\"message\": {\"message\":\"½ \\u0041\"} , \"type\":\"request\"}");
            assertThat(socket.receiveText())
                    .startsWith("{\"type\":\"message\",\"message\":{\"message\":\"½ A\",");
            assertEnd(socket);
        }
    }

    @Test
    void requestThatComesInFragmentsIsUnderstood() throws IOException {
        try (var socket = open(ECHO)) {
            socket.send(TEXT, "{");
            socket.send(CONTINUATION, "\"type\":\"request\",\"mess");
            socket.send(FINAL | CONTINUATION, "age\":{\"message\":\"x\"}}");
            assertThat(socket.receiveText()).contains("\"message\":\"x\"");
            assertEnd(socket);
        }
    }

    @Test
    void emptyRequestStandsForAnEmptyMessage() throws IOException {
        try (var socket = open(STREAM)) {
            socket.send("{\"type\":\"request\"}");
            assertEnd(socket);
        }
    }

    @Test
    void chatAnswersEachMessage() throws IOException {
        try (var socket = open(CHAT)) {
            socket.send("{\"type\":\"request\"}");
            for (var i = 1; i <= 100; i++) {
                socket.send("{\"type\":\"message\",\"message\":{\"message\":\"m" + i + "\"}}");
                var answer = socket.receiveText();
                if (answer.contains("\"credit\"")) {
                    assertThat(answer).isEqualTo("{\"type\":\"credit\",\"credit\":8}");
                    answer = socket.receiveText();
                }
                assertThat(answer).contains("\"message\":\"m" + i + "\"");
            }
            socket.send("{\"type\":\"half-close\"}");
            assertEnd(socket);
        }
    }

    @Test
    void clientThatClosesFirstCancelsItsCall() throws IOException {
        try (var socket = open(STREAM)) {
            socket.send(
                    "{\"type\":\"request\",\"credit\":1,\"message\":{\"message\":\"x\",\"count\":9}}");
            socket.receiveText();
            socket.close(1001);
            assertThat(socket.receive().closeCode()).isEqualTo(1001);
            assertThat(socket.isClosedByServer()).isTrue();
        }
        awaitNoActiveCalls();
    }

    // The paths of the http rules

    @Test
    void streamAnswersAtThePathOfItsRule() throws IOException {
        try (var socket = open("/v1/echo:stream?message=from%20the%20query&count=2")) {
            socket.send("{\"type\":\"request\"}");
            assertThat(socket.receiveText()).contains("\"message\":\"from the query\"");
            assertThat(socket.receiveText()).contains("\"index\":\"2\"");
            assertEnd(socket);
        }
    }

    @Test
    void queryFillsInTheFirstRequest() throws IOException {
        try (var socket = open("/v1/echo:stream?count=1")) {
            socket.send("{\"type\":\"request\",\"message\":{\"message\":\"mine\",\"count\":7}}");
            assertThat(socket.receiveText()).contains("\"message\":\"mine\",\"index\":\"1\"");
            assertEnd(socket);
        }
    }

    @Test
    void ruleOfAPostServesAHandshakeToo() throws IOException {
        try (var socket = open("/v1/echo:chat")) {
            socket.send("{\"type\":\"request\",\"message\":{\"message\":\"a\"}}");
            assertThat(socket.receiveText()).contains("\"message\":\"a\"");
            socket.send("{\"type\":\"half-close\"}");
            assertEnd(socket);
        }
    }

    // Refusals before the handshake

    @ParameterizedTest
    @CsvSource({
        "/ws/heddle.diagnostics.v1.DiagnosticsService/Nothing, X: y, 404, ROUTE_NOT_FOUND",
        "/v1/nothing, X: y, 404, ROUTE_NOT_FOUND",
        "/ws/heddle.diagnostics.v1.DiagnosticsService/Echo?a=b, X: y, 400, a query",
        "/v1/users, X: y, 400, /ws/heddle.users.v1.UserService/",
        "/v1/echo:stream?cuont=1, X: y, 400, cuont",
        "/v1/echo:stream, Sec-WebSocket-Protocol: soap, 400, SUBPROTOCOL_UNKNOWN",
        "/v1/echo:stream, Sec-WebSocket-Protocol: bearer.x, 400, SUBPROTOCOL_UNKNOWN",
        "/v1/echo:stream, Origin: https://evil.example, 403, ORIGIN_NOT_ALLOWED",
        "/v1/echo:stream, Authorization: Bearer wrong, 401, CREDENTIALS_INVALID",
        "/v1/echo:stream, 'Sec-WebSocket-Protocol: heddle.json, bearer.wrong', 401, CREDENTIALS_INVALID",
        "/v1/echo:stream, X-Server-Timeout: soon, 400, x-server-timeout",
    })
    void whatCannotBecomeACallIsAnsweredByHttp(
            String target, String field, int status, String reason) throws IOException {
        try (var socket = new RawWebSocket(port)) {
            var head = socket.shakeHands(target, field);
            assertThat(head.getFirst()).startsWith("HTTP/1.1 " + status);
            assertThat(head).contains("content-type: application/json");
            var length =
                    head.stream()
                            .filter(line -> line.startsWith("content-length: "))
                            .map(line -> Integer.parseInt(line.substring(16)))
                            .findFirst()
                            .orElseThrow();
            assertThat(socket.read(length)).contains(reason);
        }
    }

    @Test
    void plainRequestIsToldToUpgrade() throws IOException {
        try (var socket = new RawWebSocket(port)) {
            socket.send(
                    "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            .formatted(ECHO)
                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            var head = socket.readHead();
            assertThat(head.getFirst()).startsWith("HTTP/1.1 426");
            assertThat(head).contains("upgrade: websocket");
        }
    }

    @Test
    void pageOfTheGatewayItselfMayCall() throws IOException {
        try (var socket = RawWebSocket.open(port, ECHO, "Origin: https://LOCALHOST")) {
            assertThat(socket.send("{\"type\":\"ping\"}").receiveText()).contains("pong");
        }
    }

    // Credentials and deadlines

    @Test
    void tokenMayComeAsASubprotocol() throws IOException {
        try (var socket = new RawWebSocket(port)) {
            assertThat(
                            socket.shakeHands(
                                    ECHO, "Sec-WebSocket-Protocol: heddle.json, bearer." + token()))
                    .contains("sec-websocket-protocol: heddle.json");
            socket.send("{\"type\":\"request\"}");
            assertThat(socket.receiveText()).contains("\"type\":\"message\"");
            assertEnd(socket);
        }
    }

    @Test
    void callWithoutTokenIsClosedByPolicy() throws IOException {
        try (var socket = RawWebSocket.open(port, ECHO)) {
            socket.send("{\"type\":\"request\"}");
            assertError(socket, 16, "CREDENTIALS_MISSING", 1008);
        }
    }

    @ParameterizedTest
    @CsvSource({"3, 4003", "4, 4004", "5, 4005", "7, 1008", "8, 4008", "13, 1011", "2, 1011"})
    void closeCodeSaysHowTheCallFailed(int canonical, int code) throws IOException {
        try (var socket = open(ECHO)) {
            socket.send(
                    "{\"type\":\"request\",\"message\":{\"error\":{\"code\":%d,\"message\":\"as asked\"}}}"
                            .formatted(canonical));
            assertError(socket, canonical, "as asked", code);
        }
    }

    @Test
    void deadlineOfTheRequestEndsTheCall() throws IOException {
        try (var socket = open(STREAM)) {
            socket.send(
                    "{\"type\":\"request\",\"timeout\":\"0.2s\",\"message\":{\"count\":1,\"interval\":\"60s\"}}");
            assertError(socket, 4, "deadline", 4004);
        }
        awaitNoActiveCalls();
    }

    @Test
    void deadlineOfTheHandshakeHoldsToo() throws IOException {
        try (var socket =
                RawWebSocket.open(
                        port,
                        STREAM,
                        "X-Server-Timeout: 0.2",
                        "Authorization: Bearer " + token())) {
            socket.send("{\"type\":\"request\",\"message\":{\"count\":1,\"interval\":\"60s\"}}");
            assertError(socket, 4, "deadline", 4004);
        }
    }

    // What a client must not do

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "",
                "{\"type\":\"request\"} x",
                "{\"type\":\"request\",\"typo\":1}",
                "{\"type\":\"request\",\"type\":\"request\"}",
                "{\"type\":\"request\",\"message\":{},\"message\":{}}",
                "{\"type\":\"request\",\"message\":{\"message\":}}",
                "{\"type\":\"request\",\"timeout\":\"-1s\"}",
                "{\"type\":\"request\",\"timeout\":\"soon\"}",
                "{\"type\":\"request\",\"credit\":-1}",
                "{\"type\":\"message\",\"message\":{}}",
                "{\"type\":\"half-close\"}",
                "{\"type\":\"credit\",\"credit\":1}",
                "{\"type\":\"end\"}",
                "{\"type\":\"REQUEST\"}",
                "{}"
            })
    void malformedEnvelopeEndsTheSocket(String envelope) throws IOException {
        try (var socket = open(STREAM)) {
            socket.send(envelope);
            assertError(socket, 3, "ENVELOPE_MALFORMED", 4101);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"request\"}",
                "{\"type\":\"message\",\"message\":{}}",
                "{\"type\":\"credit\",\"credit\":0}",
                "{\"type\":\"credit\",\"credit\":2147483648}",
                "{\"type\":\"end\"}",
                "}"
            })
    void envelopeOutOfOrderEndsTheCall(String envelope) throws IOException {
        try (var socket = open(STREAM)) {
            socket.send("{\"type\":\"request\",\"credit\":1,\"message\":{\"count\":9}}");
            assertThat(socket.receiveText()).contains("\"index\":\"1\"");
            socket.send(envelope);
            assertError(socket, 3, "ENVELOPE_MALFORMED", 4101);
        }
        awaitNoActiveCalls();
    }

    @Test
    void requestThatIsNotValidIsAnOrdinaryError() throws IOException {
        try (var socket = open(STREAM)) {
            socket.send("{\"type\":\"request\",\"message\":{\"count\":-1}}");
            assertError(socket, 3, "count", 4003);
        }
        try (var socket = open(STREAM)) {
            socket.send("{\"type\":\"request\",\"message\":{\"cuont\":1}}");
            assertError(socket, 3, "cuont", 4003);
        }
    }

    @Test
    void frameOfTheOtherSubprotocolIsRefused() throws IOException {
        try (var socket = open(ECHO)) {
            socket.send(FINAL | BINARY, new byte[] {1});
            assertError(socket, 3, "FRAME_UNSUPPORTED", 1003);
        }
        try (var socket = RawWebSocket.open(port, ECHO, "Sec-WebSocket-Protocol: heddle.proto")) {
            socket.send("{\"type\":\"ping\"}");
            assertThat(socket.receive().first()).isEqualTo(FINAL | BINARY);
            assertClose(socket, 1003);
        }
    }

    @Test
    void brokenFrameStillEndsInATerminalEnvelope() throws IOException {
        try (var socket = open(CHAT)) {
            socket.send("{\"type\":\"request\"}");
            socket.send(FINAL | 3, "");
            assertError(socket, 3, "WEBSOCKET_BROKEN", 1002);
        }
        try (var socket = open(CHAT)) {
            socket.send("{\"type\":\"request\"}");
            socket.send(FINAL | TEXT, new byte[] {(byte) 0xff});
            assertError(socket, 3, "WEBSOCKET_BROKEN", 1007);
        }
        try (var socket = open(CHAT)) {
            socket.send(RawWebSocket.frame(FINAL | TEXT, 8, 1L << 40, new byte[0]));
            assertError(socket, 8, "websocket.max-message-size", 1009);
        }
        awaitNoActiveCalls();
    }

    // Credit

    @Test
    void serverSendsNoMoreThanTheClientHasCreditFor() throws IOException {
        try (var socket = open(STREAM)) {
            socket.send(
                    "{\"type\":\"request\",\"credit\":2,\"message\":{\"message\":\"x\",\"count\":7}}");
            assertThat(messages(socket, 2)).containsExactly("1", "2");
            assertThat(socket.isSilentFor(200)).isTrue();
            assertThat(gateway().activeCalls()).isEqualTo(1);
            socket.send("{\"type\":\"credit\",\"credit\":1}");
            assertThat(messages(socket, 1)).containsExactly("3");
            assertThat(socket.isSilentFor(200)).isTrue();
            socket.send("{\"type\":\"credit\",\"credit\":100}");
            assertThat(messages(socket, 4)).containsExactly("4", "5", "6", "7");
            assertEnd(socket);
        }
    }

    @Test
    void callThatWaitsForCreditEndsAtItsDeadline() throws IOException {
        try (var socket = open(STREAM)) {
            socket.send(
                    "{\"type\":\"request\",\"credit\":0,\"timeout\":\"0.2s\",\"message\":{\"count\":1}}");
            assertError(socket, 4, "deadline", 4004);
        }
        awaitNoActiveCalls();
    }

    @Test
    void clientThatOverrunsItsCreditIsClosed() throws IOException {
        try (var socket = open(CHAT)) {
            socket.send(
                    "{\"type\":\"request\",\"message\":{\"message\":\"slow\",\"interval\":\"60s\"}}");
            for (var i = 0; i < 16; i++) {
                socket.send("{\"type\":\"message\",\"message\":{}}");
            }
            assertThat(socket.isSilentFor(200)).isTrue();
            socket.send("{\"type\":\"message\",\"message\":{}}");
            assertError(socket, 8, "CREDIT_OVERRUN", 4100);
        }
        awaitNoActiveCalls();
    }

    @Test
    void slowReaderSlowsTheHandlerAndGetsEverything() throws IOException {
        var count = 3_000;
        try (var socket = open(STREAM)) {
            socket.send(
                    "{\"type\":\"request\",\"message\":{\"message\":\"%s\",\"count\":%d}}"
                            .formatted("x".repeat(10_000), count));
            assertThat(messages(socket, 1)).containsExactly("1");
            // 30 MB are more than any buffer on the way takes
            assertThat(gateway().activeCalls()).isEqualTo(1);
            for (var i = 2; i <= count; i++) {
                assertThat(messages(socket, 1)).containsExactly(String.valueOf(i));
            }
            assertEnd(socket);
        }
        awaitNoActiveCalls();
    }

    private static List<String> messages(RawWebSocket socket, int count) throws IOException {
        var indexes = new ArrayList<String>();
        for (var i = 0; i < count; i++) {
            indexes.add(socket.receiveText().replaceFirst(".*\"index\":\"(\\d+)\".*", "$1"));
        }
        return indexes;
    }
}
