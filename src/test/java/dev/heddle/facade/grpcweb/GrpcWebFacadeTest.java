package dev.heddle.facade.grpcweb;

import static dev.heddle.testing.FacadeCalls.CLIENT_STREAM;
import static dev.heddle.testing.FacadeCalls.CORS;
import static dev.heddle.testing.FacadeCalls.JSON;
import static dev.heddle.testing.FacadeCalls.ORIGIN;
import static dev.heddle.testing.FacadeCalls.SERVER_STREAM;
import static dev.heddle.testing.FacadeCalls.SERVICE;
import static dev.heddle.testing.FacadeCalls.UNARY;
import static dev.heddle.testing.FacadeCalls.content;
import static dev.heddle.testing.FacadeCalls.envelope;
import static dev.heddle.testing.FacadeCalls.headers;
import static dev.heddle.testing.FacadeCalls.request;
import static dev.heddle.testing.FacadeCalls.response;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.heddle.diagnostics.v1.EchoResponse;
import dev.heddle.facade.envelope.Gzip;
import dev.heddle.facade.envelope.MessageSettings;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import dev.heddle.testing.FacadeCalls;
import dev.heddle.testing.RecordedExchange;
import dev.heddle.testing.TestMethods;
import io.grpc.Status.Code;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The facade by itself, on exchanges whose bytes are given and kept.
@Timeout(30)
final class GrpcWebFacadeTest {
    private static final String WEB = "application/grpc-web";
    private static final String TEXT = "application/grpc-web-text";
    private static final byte[] ONE = envelope(0, request("x").toByteArray());

    private final TestMethods methods = new TestMethods();
    private final Pipeline pipeline = FacadeCalls.pipeline();
    private final GrpcWebFacade facade =
            new GrpcWebFacade(
                    Rpcs.builder().add(methods).build(),
                    pipeline,
                    JSON,
                    new MessageSettings(1000, false),
                    CORS);

    @ParameterizedTest
    @CsvSource({
        "application/grpc-web, true",
        "Application/gRPC-Web-Text;charset=utf-8, true",
        "application/grpc-web+thrift, true",
        "application/grpc, false",
        "application/json, false",
    })
    void contentTypeTellsWhatIsGrpcWeb(String contentType, boolean expected) {
        assertThat(GrpcWebFacade.isGrpcWeb(exchange("POST", contentType, new byte[0])))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, application/grpc-web, 405",
        "POST, application/grpc-web+thrift, 415",
        "POST, application/grpc-websocket, 415",
    })
    void whatIsNoCallIsAnsweredByPlainHttp(String method, String contentType, int status)
            throws IOException {
        var exchange = exchange(method, contentType, ONE);

        facade.handle(exchange);

        assertThat(exchange.status).isEqualTo(status);
        assertThat(exchange.answered.first("content-type")).contains("text/plain");
        assertThat(exchange.answered.all("allow").contains("POST")).isEqualTo(status == 405);
    }

    @ParameterizedTest
    @CsvSource({
        "application/grpc-web, application/grpc-web",
        "application/grpc-web+proto;x=y, application/grpc-web+proto",
    })
    void answerIsAMessageAndTrailersOfTheSameType(String asked, String answered)
            throws IOException {
        methods.unary((request, call) -> {
            call.responseHeaders().set("x-head", "1");
            call.responseTrailers().set("x-tail", "2");
            return response("re: " + request.getMessage());
        });

        var exchange = call(UNARY, asked, Headers.empty(), ONE);

        assertThat(exchange.status).isEqualTo(200);
        assertThat(exchange.answered.names())
                .containsExactlyInAnyOrder("x-head", "content-type", "vary");
        assertThat(exchange.answered.first("content-type")).contains(answered);
        assertThat(exchange.written(0)).isEqualTo(envelope(0, response("re: x").toByteArray()));
        assertThat(trailers(exchange.written(1))).isEqualTo("x-tail: 2\r\ngrpc-status: 0\r\n");
        assertThat(exchange.flushes).isZero();
        assertThat(exchange.trailers.isEmpty()).isTrue();
        assertThat(exchange.isComplete).isTrue();
    }

    @Test
    void jsonIsReadAndWritten() throws IOException {
        methods.unary((request, _) -> response("re: " + request.getMessage()));
        var body = envelope(0, "{\"message\":\"x\"}".getBytes(StandardCharsets.UTF_8));

        var exchange = call(UNARY, "application/grpc-web+json", Headers.empty(), body);

        assertThat(new String(content(exchange.written(0)), StandardCharsets.UTF_8))
                .isEqualTo("{\"message\":\"re: x\"}");
        assertThat(trailers(exchange.written(1))).isEqualTo("grpc-status: 0\r\n");
    }

    @Test
    void textGoesOutMessageByMessageEachWithItsPadding() throws IOException {
        methods.serverStreaming((_, out, _) -> {
            out.send(response("one"));
            out.send(response("three"));
        });

        var exchange = call(SERVER_STREAM, TEXT, Headers.empty(), Base64.getEncoder().encode(ONE));

        assertThat(exchange.answered.first("content-type")).contains(TEXT);
        assertThat(exchange.flushes).isEqualTo(2);
        var decoder = Base64.getDecoder();
        assertThat(
                        EchoResponse.parseFrom(content(decoder.decode(exchange.written(0))))
                                .getMessage())
                .isEqualTo("one");
        assertThat(
                        EchoResponse.parseFrom(content(decoder.decode(exchange.written(1))))
                                .getMessage())
                .isEqualTo("three");
        assertThat(trailers(decoder.decode(exchange.written(2)))).isEqualTo("grpc-status: 0\r\n");
    }

    @Test
    void textThatIsNotBase64IsRefused() throws IOException {
        methods.unary((_, _) -> response("never"));
        var body = "AAAA*".getBytes(StandardCharsets.UTF_8);

        var exchange = call(UNARY, TEXT, Headers.empty(), body);

        assertThat(trailers(Base64.getDecoder().decode(exchange.written())))
                .startsWith("grpc-status: 3\r\n");
    }

    @Test
    void failureIsInTheTrailersOfTheBody() throws IOException {
        methods.serverStreaming((_, out, _) -> {
            out.send(response("one"));
            throw new RpcException(Code.ABORTED, "no more: 50 %").withReason("ENOUGH");
        });

        var exchange = call(SERVER_STREAM, WEB, Headers.empty(), ONE);

        assertThat(trailers(exchange.written(1)))
                .startsWith("grpc-status: 10\r\ngrpc-message: no more: 50 %25\r\n")
                .contains("grpc-status-details-bin: ");
    }

    /// What a handler puts into a trailer must not become another.
    @Test
    void trailerThatWouldForgeAnotherIsAnInternalError() throws IOException {
        methods.unary((_, call) -> {
            call.responseTrailers().set("x-tail", "1\r\ngrpc-status: 7");
            return response("x");
        });

        var exchange = call(UNARY, WEB, Headers.empty(), ONE);

        assertThat(trailers(exchange.written(1)))
                .startsWith("grpc-status: 13\r\n")
                .doesNotContain("grpc-status: 7");
    }

    @ParameterizedTest
    @CsvSource({
        "'0 0 0', INTERNAL",
        "'0 0 0 0 9 1', INTERNAL",
        "'0 0 0 3 -23', RESOURCE_EXHAUSTED",
        "'0 -1 -1 -1 -1', RESOURCE_EXHAUSTED",
        "'1 0 0 0 1 0', INTERNAL",
        "'-128 0 0 0 0', INTERNAL",
        "'0 0 0 0 1 -1', INTERNAL",
    })
    void envelopesThatLieAreRefused(String octets, Code expected) throws IOException {
        methods.unary((_, _) -> response("never"));
        var body = new byte[octets.split(" ", -1).length];
        for (var i = 0; i < body.length; i++) {
            body[i] = Byte.parseByte(octets.split(" ", -1)[i]);
        }

        assertThat(code(call(UNARY, WEB, Headers.empty(), body))).isEqualTo(expected);
    }

    @Test
    void compressedMessageIsAnsweredInKindAndABombIsRefused() throws IOException {
        methods.unary((request, _) -> response(request.getMessage()));
        var gzip = headers("grpc-encoding", "gzip", "grpc-accept-encoding", "br, gzip");
        var text = "0123456789".repeat(90);

        var answered =
                call(UNARY, WEB, gzip, envelope(1, Gzip.deflate(request(text).toByteArray())));
        var bomb = call(UNARY, WEB, gzip, envelope(1, Gzip.deflate(new byte[1_000_000])));

        assertThat(answered.answered.first("grpc-encoding")).contains("gzip");
        assertThat(answered.written(0)[0]).isEqualTo((byte) 1);
        assertThat(EchoResponse.parseFrom(Gzip.inflate(content(answered.written(0)), 1000)))
                .isEqualTo(response(text));
        assertThat(code(bomb)).isEqualTo(Code.RESOURCE_EXHAUSTED);
    }

    @Test
    void whatCannotBeBegunIsAnsweredInTrailersToo() throws IOException {
        assertThat(code(call(SERVICE + "Nothing", WEB, Headers.empty(), ONE)))
                .isEqualTo(Code.UNIMPLEMENTED);
        assertThat(code(call(UNARY, WEB, headers("grpc-encoding", "br"), ONE)))
                .isEqualTo(Code.UNIMPLEMENTED);
        assertThat(code(call(UNARY, WEB, headers("grpc-timeout", "soon"), ONE)))
                .isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(code(call(UNARY, WEB, headers("x-data-bin", "?"), ONE)))
                .isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(code(call(UNARY, WEB, headers("x-anonymous", "1"), ONE)))
                .isEqualTo(Code.UNAUTHENTICATED);
    }

    @Test
    void deadlineEndsTheWaitForAMessage() throws IOException {
        methods.clientStreaming((in, _) -> {
            in.forEach(_ -> {});
            return response("never");
        });
        var exchange =
                RecordedExchange.silent(
                        CLIENT_STREAM, headers("content-type", WEB, "grpc-timeout", "50m"));

        facade.handle(exchange);

        assertThat(code(exchange)).isEqualTo(Code.DEADLINE_EXCEEDED);
    }

    @Test
    void callerThatHasGoneIsOwedNothing() {
        var exchange = RecordedExchange.silent(CLIENT_STREAM, headers("content-type", WEB));
        methods.clientStreaming((in, _) -> {
            exchange.lose();
            in.forEach(_ -> {});
            return response("never");
        });

        assertThatIOException().isThrownBy(() -> facade.handle(exchange));

        assertThat(exchange.isResponseStarted()).isFalse();
    }

    @Test
    void pageOfAnAllowedOriginMayReadWhatIsThere() throws IOException {
        methods.unary((_, call) -> {
            call.responseHeaders().set("x-head", "1");
            return response("x");
        });

        var allowed = call(UNARY, WEB, headers("origin", ORIGIN), ONE).answered;
        var other = call(UNARY, WEB, headers("origin", "https://evil.example.com"), ONE).answered;

        assertThat(allowed.first("access-control-allow-origin")).contains(ORIGIN);
        assertThat(allowed.first("access-control-allow-credentials")).contains("true");
        assertThat(allowed.first("access-control-expose-headers").orElseThrow().split(", "))
                .contains("grpc-status", "grpc-message", "grpc-status-details-bin", "x-head");
        assertThat(allowed.first("vary")).contains("origin");
        assertThat(other.contains("access-control-allow-origin")).isFalse();
        assertThat(other.first("vary")).contains("origin");
    }

    private RecordedExchange call(String path, String contentType, Headers more, byte[] body)
            throws IOException {
        var all = Headers.builder().set("content-type", contentType).addAll(more).build();
        var exchange =
                new RecordedExchange("POST", path, "HTTP/1.1", all, new ByteArrayInputStream(body));
        facade.handle(exchange);
        return exchange;
    }

    private static RecordedExchange exchange(String method, String contentType, byte[] body) {
        InputStream in = new ByteArrayInputStream(body);
        return new RecordedExchange(
                method, UNARY, "HTTP/1.1", headers("content-type", contentType), in);
    }

    private static String trailers(byte[] envelope) {
        assertThat(envelope[0]).isEqualTo((byte) 0x80);
        return new String(content(envelope), StandardCharsets.ISO_8859_1);
    }

    private static Code code(RecordedExchange exchange) {
        var first = trailers(exchange.written()).lines().findFirst().orElseThrow();
        var value = Integer.parseInt(first.substring("grpc-status: ".length()));
        return io.grpc.Status.fromCodeValue(value).getCode();
    }
}
