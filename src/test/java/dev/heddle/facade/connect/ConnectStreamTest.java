package dev.heddle.facade.connect;

import static dev.heddle.testing.FacadeCalls.CLIENT_STREAM;
import static dev.heddle.testing.FacadeCalls.CORS;
import static dev.heddle.testing.FacadeCalls.JSON;
import static dev.heddle.testing.FacadeCalls.SERVER_STREAM;
import static dev.heddle.testing.FacadeCalls.content;
import static dev.heddle.testing.FacadeCalls.envelope;
import static dev.heddle.testing.FacadeCalls.headers;
import static dev.heddle.testing.FacadeCalls.request;
import static dev.heddle.testing.FacadeCalls.response;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.diagnostics.v1.EchoResponse;
import dev.heddle.facade.envelope.Gzip;
import dev.heddle.facade.envelope.MessageSettings;
import dev.heddle.facade.route.RouteTable;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import dev.heddle.testing.FacadeCalls;
import dev.heddle.testing.RecordedExchange;
import dev.heddle.testing.TestMethods;
import io.grpc.Status.Code;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Calls with envelopes, on exchanges whose bytes are given and kept.
@Timeout(30)
final class ConnectStreamTest {
    private static final String PROTO = "application/connect+proto";
    private static final byte[] ONE = envelope(0, request("x").toByteArray());

    private final TestMethods methods = new TestMethods();
    private final Pipeline pipeline = FacadeCalls.pipeline();
    private final ConnectFacade facade = facade(Rpcs.builder().add(methods).build());

    private ConnectFacade facade(Rpcs rpcs) {
        return new ConnectFacade(
                rpcs, RouteTable.of(rpcs), pipeline, JSON, new MessageSettings(1000, false), CORS);
    }

    @Test
    void streamIsMessagesAndAnEndWithTrailers() throws IOException {
        methods.serverStreaming((_, out, call) -> {
            call.responseHeaders().set("x-head", "1");
            call.responseTrailers().add("x-tail", "2").add("x-tail", "\"3\"");
            out.send(response("one"));
            out.send(response("two"));
        });

        var exchange = call(SERVER_STREAM, PROTO, Headers.empty(), ONE);

        assertThat(exchange.status).isEqualTo(200);
        assertThat(exchange.answered.first("content-type")).contains(PROTO);
        assertThat(exchange.answered.first("x-head")).contains("1");
        assertThat(exchange.written(0)).isEqualTo(envelope(0, response("one").toByteArray()));
        assertThat(exchange.written(1)).isEqualTo(envelope(0, response("two").toByteArray()));
        assertThat(end(exchange.written(2)))
                .isEqualTo("{\"metadata\":{\"x-tail\":[\"2\",\"\\\"3\\\"\"]}}");
        assertThat(exchange.flushes).isEqualTo(2);
        assertThat(exchange.isComplete).isTrue();
    }

    @Test
    void jsonOfAClientStreamIsAnsweredInJson() throws IOException {
        methods.clientStreaming((in, _) -> {
            var all = new StringBuilder();
            in.forEach(request -> all.append(request.getMessage()));
            return response(all.toString());
        });
        var message = envelope(0, "{\"message\":\"x\"}".getBytes(UTF_8));

        var exchange =
                call(
                        CLIENT_STREAM,
                        "application/connect+json",
                        Headers.empty(),
                        message,
                        message,
                        message);

        assertThat(new String(content(exchange.written(0)), UTF_8))
                .isEqualTo("{\"message\":\"xxx\"}");
        assertThat(end(exchange.written(1))).isEqualTo("{}");
        assertThat(exchange.flushes).isZero();
    }

    @Test
    void failureBehindMessagesIsInTheEnd() throws IOException {
        methods.serverStreaming((_, out, _) -> {
            out.send(response("one"));
            throw new RpcException(Code.CANCELLED, "no more");
        });

        var exchange = call(SERVER_STREAM, PROTO, Headers.empty(), ONE);

        assertThat(exchange.status).isEqualTo(200);
        assertThat(end(exchange.written(1)))
                .isEqualTo("{\"error\":{\"code\":\"canceled\",\"message\":\"no more\"}}");
    }

    @ParameterizedTest
    @CsvSource({
        "'0 0 0', invalid_argument",
        "'0 0 0 0 9 1', invalid_argument",
        "'0 0 0 3 -23', resource_exhausted",
        "'0 -1 -1 -1 -1', resource_exhausted",
        "'1 0 0 0 1 0', invalid_argument",
        "'2 0 0 0 2 123 125', invalid_argument",
        "'64 0 0 0 0', invalid_argument",
        "'0 0 0 0 1 -1', invalid_argument",
        "'', invalid_argument",
    })
    void envelopesThatLieAreRefused(String octets, String expected) throws IOException {
        methods.serverStreaming((_, _, _) -> {});
        var numbers = octets.isEmpty() ? new String[0] : octets.split(" ", -1);
        var body = new byte[numbers.length];
        for (var i = 0; i < body.length; i++) {
            body[i] = Byte.parseByte(numbers[i]);
        }

        assertThat(code(call(SERVER_STREAM, PROTO, Headers.empty(), body))).isEqualTo(expected);
    }

    @Test
    void compressedMessageIsAnsweredInKindAndABombIsRefused() throws IOException {
        methods.serverStreaming((request, out, _) -> out.send(response(request.getMessage())));
        var text = "0123456789".repeat(90);
        var gzip = headers("connect-content-encoding", "gzip");
        var message = envelope(1, Gzip.deflate(request(text).toByteArray()));

        var inKind = call(SERVER_STREAM, PROTO, gzip, message);
        var refusing =
                call(
                        SERVER_STREAM,
                        PROTO,
                        headers(
                                "connect-content-encoding",
                                "gzip",
                                "connect-accept-encoding",
                                "br"),
                        message);
        var bomb = call(SERVER_STREAM, PROTO, gzip, envelope(1, Gzip.deflate(new byte[1_000_000])));
        var unknown =
                call(SERVER_STREAM, PROTO, headers("connect-content-encoding", "br"), message);

        assertThat(inKind.answered.first("connect-content-encoding")).contains("gzip");
        assertThat(inKind.written(0)[0]).isEqualTo((byte) 1);
        assertThat(EchoResponse.parseFrom(Gzip.inflate(content(inKind.written(0)), 1000)))
                .isEqualTo(response(text));
        assertThat(refusing.written(0)[0]).isZero();
        assertThat(code(bomb)).isEqualTo("resource_exhausted");
        assertThat(code(unknown)).isEqualTo("unimplemented");
    }

    @Test
    void whatCannotBeBegunIsAnsweredInTheEndToo() throws IOException {
        for (var header :
                List.of(
                        headers("connect-protocol-version", "2"),
                        headers("connect-timeout-ms", "soon"),
                        headers("x-data-bin", "?"))) {
            var exchange = call(SERVER_STREAM, PROTO, header, ONE);

            assertThat(exchange.status).isEqualTo(200);
            assertThat(code(exchange)).isEqualTo("invalid_argument");
        }
        assertThat(code(call(SERVER_STREAM, PROTO, headers("x-anonymous", "1"), ONE)))
                .isEqualTo("unauthenticated");
    }

    @Test
    void timeoutEndsTheWaitForAMessage() throws IOException {
        methods.clientStreaming((in, _) -> {
            in.forEach(_ -> {});
            return response("never");
        });
        var exchange =
                RecordedExchange.silent(
                        CLIENT_STREAM, headers("content-type", PROTO, "connect-timeout-ms", "50"));

        facade.handle(exchange);

        assertThat(code(exchange)).isEqualTo("deadline_exceeded");
    }

    private RecordedExchange call(String path, String type, Headers more, byte[]... pieces)
            throws IOException {
        var all = Headers.builder().set("content-type", type).addAll(more).build();
        var body = new ByteArrayOutputStream();
        for (var piece : pieces) {
            body.writeBytes(piece);
        }
        var exchange =
                new RecordedExchange(
                        "POST",
                        path,
                        "HTTP/1.1",
                        all,
                        new ByteArrayInputStream(body.toByteArray()));
        facade.handle(exchange);
        return exchange;
    }

    private static String end(byte[] envelope) {
        assertThat(envelope[0]).isEqualTo((byte) 2);
        return new String(content(envelope), UTF_8);
    }

    private static String code(RecordedExchange exchange) {
        var end = end(exchange.written(exchange.writes.size() - 1));
        assertThat(end).startsWith("{\"error\":{\"code\":\"");
        return end.split("\"", 7)[5];
    }
}
