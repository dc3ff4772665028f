package dev.heddle.facade.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.heddle.diagnostics.v1.EchoRequest;
import dev.heddle.diagnostics.v1.EchoResponse;
import dev.heddle.facade.envelope.Gzip;
import dev.heddle.facade.envelope.MessageSettings;
import dev.heddle.rpc.Caller;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import dev.heddle.testing.RecordedExchange;
import dev.heddle.testing.TestMethods;
import io.grpc.Status.Code;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The facade by itself, on exchanges whose bytes are given and kept.
@Timeout(30)
final class GrpcFacadeTest {
    private static final String SERVICE = "/heddle.diagnostics.v1.DiagnosticsService/";
    private static final String UNARY = SERVICE + "Echo";
    private static final String SERVER_STREAM = SERVICE + "EchoStream";
    private static final String CLIENT_STREAM = SERVICE + "EchoCollect";
    private static final Headers GZIP =
            Headers.builder()
                    .set("grpc-encoding", "gzip")
                    .set("grpc-accept-encoding", "deflate, gzip")
                    .build();
    private static final MessageSettings SETTINGS = new MessageSettings(1000, false);

    private final TestMethods methods = new TestMethods();
    private final Pipeline pipeline =
            new Pipeline(
                    _ -> new Caller("test", Set.of("*")),
                    new Pipeline.Settings(Duration.ofSeconds(30), 100),
                    new SimpleMeterRegistry(),
                    OpenTelemetry.noop());
    private final GrpcFacade facade =
            new GrpcFacade(Rpcs.builder().add(methods).build(), pipeline, SETTINGS);

    @ParameterizedTest
    @CsvSource({
        "application/grpc, true",
        "application/grpc+proto, true",
        "application/grpc+json, true",
        "Application/gRPC;charset=utf-8, true",
        "application/grpc-web, false",
        "application/grpc-web+proto, false",
        "application/grpcx, false",
        "application/json, false",
    })
    void contentTypeTellsWhatIsGrpc(String contentType, boolean expected) {
        assertThat(GrpcFacade.isGrpc(withType(contentType))).isEqualTo(expected);
    }

    @Test
    void exchangeWithoutContentTypeIsNotGrpc() {
        assertThat(GrpcFacade.isGrpc(exchange("POST", "HTTP/2", Headers.empty()))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "POST, HTTP/1.1, application/grpc, 505",
        "GET, HTTP/2, application/grpc, 405",
        "POST, HTTP/2, application/grpc+json, 415",
        "POST, HTTP/2, application/grpc+protox, 415",
    })
    void whatIsNoCallIsAnsweredByPlainHttp(
            String method, String protocol, String contentType, int status) throws IOException {
        var exchange = exchange(method, protocol, contentType(contentType));

        facade.handle(exchange);

        assertThat(exchange.status).isEqualTo(status);
        assertThat(exchange.answered.first("content-type")).contains("text/plain");
        assertThat(exchange.answered.all("allow").contains("POST")).isEqualTo(status == 405);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/grpc", "application/grpc+proto", "application/grpc;x=y"})
    void protobufIsServed(String contentType) throws IOException {
        methods.unary((_, _) -> response("ok"));
        var exchange =
                new RecordedExchange(
                        "POST",
                        UNARY,
                        "HTTP/2",
                        contentType(contentType),
                        new ByteArrayInputStream(frame(0, request("x"))));

        facade.handle(exchange);

        assertThat(exchange.trailers.first("grpc-status")).contains("0");
    }

    @Test
    void unaryAnswerIsOnePieceThatNothingFlushes() throws IOException {
        methods.unary((request, _) -> response("re: " + request.getMessage()));

        var exchange = handle(UNARY, frame(0, request("hello")));

        assertThat(exchange.status).isEqualTo(200);
        assertThat(exchange.answered.names()).containsExactly("content-type");
        assertThat(exchange.answered.first("content-type")).contains("application/grpc");
        assertThat(exchange.writes).hasSize(1);
        assertThat(exchange.written(0)).isEqualTo(frame(0, response("re: hello").toByteArray()));
        assertThat(exchange.flushes).isZero();
        assertThat(exchange.trailers.names()).containsExactly("grpc-status");
        assertThat(exchange.trailers.first("grpc-status")).contains("0");
        assertThat(exchange.isComplete).isTrue();
    }

    @Test
    void messageOfAStreamGoesOutAtOnce() throws IOException {
        methods.serverStreaming((_, out, _) -> {
            out.send(response("one"));
            out.send(response("two"));
        });

        var exchange = handle(SERVER_STREAM, frame(0, request("x")));

        assertThat(exchange.writes).hasSize(2);
        assertThat(exchange.flushes).isEqualTo(2);
    }

    @Test
    void messageMayArriveByteByByte() throws IOException {
        methods.unary((request, _) -> response(request.getMessage()));
        var bytes = new ByteArrayInputStream(frame(0, request("hello")));
        var drip =
                new InputStream() {
                    @Override
                    public int read() {
                        return bytes.read();
                    }

                    @Override
                    public int read(byte[] target, int offset, int length) {
                        return bytes.read(target, offset, Math.min(1, length));
                    }
                };
        var exchange = RecordedExchange.call(UNARY, Headers.empty(), drip);

        facade.handle(exchange);

        assertThat(message(exchange.written(0)).getMessage()).isEqualTo("hello");
    }

    @Test
    void unknownMethodIsTrailersOnly() throws IOException {
        var exchange = handle("/no.Such/Méthod", new byte[0]);

        assertThat(exchange.status).isEqualTo(200);
        assertThat(exchange.answered.first("content-type")).contains("application/grpc");
        assertThat(exchange.answered.first("grpc-status")).contains("12");
        assertThat(exchange.answered.first("grpc-message"))
                .contains("there is no method no.Such/M%C3%A9thod");
        assertThat(exchange.trailers.names()).isEmpty();
        assertThat(exchange.isComplete).isTrue();
    }

    @Test
    void unknownEncodingIsRefusedWithThoseThatAreKnown() throws IOException {
        var exchange = call(UNARY, Headers.builder().set("grpc-encoding", "br").build());

        assertThat(exchange.answered.first("grpc-status")).contains("12");
        assertThat(exchange.answered.first("grpc-accept-encoding")).contains("identity,gzip");
    }

    @Test
    void failureBeforeAnythingIsTrailersOnlyWithItsDetails() throws IOException {
        methods.unary((_, _) -> {
            throw new RpcException(Code.ABORTED, "not now").withReason("NOT_NOW");
        });

        var exchange = handle(UNARY, frame(0, request("x")));

        assertThat(exchange.writes).isEmpty();
        assertThat(exchange.answered.first("grpc-status")).contains("10");
        assertThat(exchange.answered.first("grpc-message")).contains("not now");
        assertThat(exchange.answered.contains("grpc-status-details-bin")).isTrue();
    }

    @Test
    void failureBehindAMessageIsInTheTrailers() throws IOException {
        methods.serverStreaming((_, out, call) -> {
            out.send(response("one"));
            call.responseTrailers().add("x-text", "z");
            throw new RpcException(Code.ABORTED, "no more");
        });

        var exchange = handle(SERVER_STREAM, frame(0, request("x")));

        assertThat(exchange.answered.contains("grpc-status")).isFalse();
        assertThat(exchange.trailers.first("grpc-status")).contains("10");
        assertThat(exchange.trailers.first("x-text")).contains("z");
    }

    @ParameterizedTest
    @CsvSource({
        // truncated: in the prefix, in the message, before the message
        "'0 0 0', INTERNAL",
        "'0 0 0 0 9 1', INTERNAL",
        "'0 0 0 0 9', INTERNAL",
        // beyond the bound, also where the length has its first bit set
        "'0 0 0 3 -23', RESOURCE_EXHAUSTED",
        "'0 -1 -1 -1 -1', RESOURCE_EXHAUSTED",
        // compressed without an encoding, and no flag at all
        "'1 0 0 0 1 0', INTERNAL",
        "'2 0 0 0 0', INTERNAL",
        // not Protobuf
        "'0 0 0 0 1 -1', INTERNAL",
    })
    void framesThatLieAreRefused(String bytes, Code expected) throws IOException {
        methods.unary((_, _) -> response("never"));
        var body = new ByteArrayOutputStream();
        for (var octet : bytes.split(" ", -1)) {
            body.write(Integer.parseInt(octet));
        }

        assertThat(status(handle(UNARY, body.toByteArray()))).isEqualTo(expected);
    }

    @Test
    void messageOfTheLargestSizeIsRead() throws IOException {
        methods.unary((request, _) -> response("" + request.getSerializedSize()));
        var largest = request("x".repeat(1000 - 3));
        assertThat(largest).hasSize(1000);

        assertThat(message(handle(UNARY, frame(0, largest)).written(0)).getMessage())
                .isEqualTo("1000");
    }

    @Test
    void compressedMessageIsReadAndAnsweredInKind() throws IOException {
        methods.unary((request, _) -> response(request.getMessage()));
        var text = "0123456789".repeat(90);

        var exchange = call(UNARY, GZIP, frame(1, Gzip.deflate(request(text))));

        assertThat(exchange.answered.first("grpc-encoding")).contains("gzip");
        var answer = exchange.written(0);
        assertThat(answer[0]).isEqualTo((byte) 1);
        assertThat(answer.length).isLessThan(100).isEqualTo(5 + ByteBuffer.wrap(answer).getInt(1));
        var inflated = Gzip.inflate(Arrays.copyOfRange(answer, 5, answer.length), 10_000);
        assertThat(EchoResponse.parseFrom(inflated).getMessage()).isEqualTo(text);
    }

    @Test
    void smallAnswerAndUncompressedRequestAreFineInACompressedCall() throws IOException {
        methods.unary((request, _) -> response(request.getMessage()));

        var exchange = call(UNARY, GZIP, frame(0, request("small")));

        assertThat(exchange.answered.first("grpc-encoding")).contains("gzip");
        assertThat(exchange.written(0)).isEqualTo(frame(0, response("small").toByteArray()));
    }

    @Test
    void compressionIsOnlyForThoseWhoAcceptIt() throws IOException {
        methods.unary((request, _) -> response(request.getMessage()));
        var headers = Headers.builder().set("grpc-encoding", "gzip").build();

        var exchange = call(UNARY, headers, frame(0, request("x".repeat(900))));

        assertThat(exchange.answered.contains("grpc-encoding")).isFalse();
        assertThat(exchange.written(0)[0]).isZero();
    }

    @Test
    void messageThatInflatesBeyondTheBoundIsRefused() throws IOException {
        methods.unary((_, _) -> response("never"));

        var exchange = call(UNARY, GZIP, frame(1, Gzip.deflate(new byte[50_000_000 / 100])));

        assertThat(status(exchange)).isEqualTo(Code.RESOURCE_EXHAUSTED);
    }

    @Test
    void bytesThatAreNotGzipAreRefused() throws IOException {
        methods.unary((_, _) -> response("never"));

        assertThat(status(call(UNARY, GZIP, frame(1, new byte[10])))).isEqualTo(Code.INTERNAL);
    }

    @Test
    void numberOfRequestMessagesIsChecked() throws IOException {
        methods.unary((_, _) -> response("never"));
        var one = frame(0, request("x"));
        var two = Arrays.copyOf(one, 2 * one.length);
        System.arraycopy(one, 0, two, one.length, one.length);

        assertThat(status(handle(UNARY, new byte[0]))).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(status(handle(UNARY, two))).isEqualTo(Code.INVALID_ARGUMENT);
    }

    @Test
    void binaryMetadataIsSplitAndStrippedOfPadding() throws IOException {
        methods.unary((_, call) -> response(String.join("|", call.headers().all("x-data-bin"))));
        var headers = Headers.builder().add("x-data-bin", "AP8C,Aw==,").add("x-data-bin", "AwQ=");

        var exchange = call(UNARY, headers.build(), frame(0, request("x")));

        assertThat(message(exchange.written(0)).getMessage()).isEqualTo("AP8C|Aw||AwQ");
    }

    @Test
    void malformedMetadataIsRefused() throws IOException {
        var headers = Headers.builder().add("x-data-bin", "?").build();

        assertThat(status(call(UNARY, headers))).isEqualTo(Code.INVALID_ARGUMENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "S", "1s", "123456789S", "-1S", "1.5S", "१S"})
    void malformedTimeoutIsRefused(String timeout) throws IOException {
        var headers = Headers.builder().set("grpc-timeout", timeout).build();

        assertThat(status(call(UNARY, headers))).isEqualTo(Code.INVALID_ARGUMENT);
    }

    @Test
    void deadlineEndsTheWaitForAMessage() throws IOException {
        methods.clientStreaming((in, _) -> {
            in.forEach(_ -> {});
            return response("never");
        });
        var headers = Headers.builder().set("grpc-timeout", "50m").build();
        var exchange = RecordedExchange.silent(CLIENT_STREAM, headers);

        facade.handle(exchange);

        assertThat(status(exchange)).isEqualTo(Code.DEADLINE_EXCEEDED);
    }

    @Test
    void callerThatHasGoneIsOwedNothing() {
        var exchange = RecordedExchange.silent(CLIENT_STREAM, Headers.empty());
        methods.clientStreaming((in, _) -> {
            exchange.lose();
            in.forEach(_ -> {});
            return response("never");
        });

        assertThatIOException().isThrownBy(() -> facade.handle(exchange));

        assertThat(exchange.isResponseStarted()).isFalse();
    }

    @Test
    void bodyThatBreaksOffMeansThatTheCallerHasGone() {
        var broken =
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("reset");
                    }

                    @Override
                    public int read(byte[] target, int offset, int length) throws IOException {
                        return read();
                    }
                };
        var exchange = RecordedExchange.call(CLIENT_STREAM, Headers.empty(), broken);
        methods.clientStreaming((in, _) -> {
            in.forEach(_ -> {});
            return response("never");
        });

        assertThatIOException().isThrownBy(() -> facade.handle(exchange));

        assertThat(exchange.isResponseStarted()).isFalse();
    }

    private RecordedExchange handle(String path, byte[] body) throws IOException {
        return call(path, Headers.empty(), body);
    }

    private RecordedExchange call(String path, Headers headers) throws IOException {
        return call(path, headers, new byte[0]);
    }

    private RecordedExchange call(String path, Headers headers, byte[] body) throws IOException {
        var exchange = RecordedExchange.call(path, headers, new ByteArrayInputStream(body));
        facade.handle(exchange);
        return exchange;
    }

    private static RecordedExchange withType(String contentType) {
        return exchange("POST", "HTTP/2", contentType(contentType));
    }

    private static RecordedExchange exchange(String method, String protocol, Headers headers) {
        return new RecordedExchange(
                method, UNARY, protocol, headers, InputStream.nullInputStream());
    }

    private static Headers contentType(String contentType) {
        return Headers.builder().set("content-type", contentType).build();
    }

    private static Code status(RecordedExchange exchange) {
        var code =
                exchange.answered
                        .first("grpc-status")
                        .or(() -> exchange.trailers.first("grpc-status"));
        return io.grpc.Status.fromCodeValue(Integer.parseInt(code.orElseThrow())).getCode();
    }

    private static EchoResponse message(byte[] frame) throws InvalidProtocolBufferException {
        return EchoResponse.parseFrom(Arrays.copyOfRange(frame, 5, frame.length));
    }

    private static byte[] frame(int flag, byte[] message) {
        return ByteBuffer.allocate(5 + message.length)
                .put((byte) flag)
                .putInt(message.length)
                .put(message)
                .array();
    }

    private static byte[] request(String message) {
        return EchoRequest.newBuilder().setMessage(message).build().toByteArray();
    }

    private static EchoResponse response(String message) {
        return EchoResponse.newBuilder().setMessage(message).build();
    }
}
