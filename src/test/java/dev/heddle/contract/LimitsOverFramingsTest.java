package dev.heddle.contract;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.rpc.RetryInfo;
import dev.heddle.contract.FramingClient.Options;
import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc;
import dev.heddle.diagnostics.v1.EchoResponse;
import dev.heddle.http.helidon.RawClient;
import dev.heddle.http.websocket.RawWebSocket;
import dev.heddle.rpc.LimitSettings;
import dev.heddle.rpc.RateLimit;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.FacadeCalls;
import dev.heddle.testing.RawHttp2;
import dev.heddle.testing.ServiceServer;
import dev.heddle.testing.TestMethods;
import io.grpc.Status.Code;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who calls too often, and who sends what becomes too much, is refused alike over every framing.
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LimitsOverFramingsTest {
    private static final RateLimit TWO = new RateLimit(2, Duration.ofHours(1), 2);
    private static final int BOMB_SIZE = 64 << 20;

    private final ServiceServer server =
            new ServiceServer(
                    new TestMethods()
                            .unary((_, _) -> EchoResponse.getDefaultInstance())
                            .bidi((in, out, _) -> {
                                for (var next = in.next(); next.isPresent(); next = in.next()) {
                                    out.send(EchoResponse.getDefaultInstance());
                                }
                            }),
                    FacadeCalls.pipeline(LimitSettings.atMost(100).withPerCaller(TWO)));

    @AfterAll
    void stop() {
        server.close();
    }

    private static Stream<Arguments> framings() {
        return Stream.of(
                framing("grpc", GrpcClient::new),
                framing("grpc-web", uri -> new GrpcWebClient(uri, Version.HTTP_1_1, false)),
                framing("connect", uri -> new ConnectClient(uri, Version.HTTP_1_1, false)),
                framing("connect-json", uri -> new ConnectClient(uri, Version.HTTP_2, true)),
                framing("json", NdjsonClient::new),
                framing("websocket", uri -> new WebSocketClient(uri, true)),
                framing("websocket-proto", uri -> new WebSocketClient(uri, false)));
    }

    private static Arguments framing(String name, Function<URI, FramingClient> client) {
        return Arguments.of(name, client);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("framings")
    void whoCallsTooOftenIsRefused(String name, Function<URI, FramingClient> framing) {
        var caller =
                new Options(
                        Optional.of(name + UUID.randomUUID()), Optional.of(Duration.ofSeconds(30)));
        try (var client = framing.apply(URI.create("http://127.0.0.1:" + server.port()))) {
            call(client, caller);
            call(client, caller);

            var failure = catchThrowableOfType(RpcException.class, () -> call(client, caller));

            assertThat(failure.code()).isEqualTo(Code.RESOURCE_EXHAUSTED);
            assertThat(failure.reason()).contains("RATE_LIMITED");
            assertThat(failure.message()).isEqualTo("more than 2 calls in 3600 s");
            assertThat(failure.detail(RetryInfo.class)).isPresent();
            // nobody else has to suffer for it
            call(client, caller.withToken(UUID.randomUUID().toString()));
        }
    }

    private static void call(FramingClient client, Options options) {
        client.call(
                DiagnosticsServiceGrpc.getEchoMethod(),
                List.of(FacadeCalls.request("x")),
                options,
                _ -> {});
    }

    @Test
    void fieldsOfHttpSayWhatIsLeftAndWhenToComeBack() throws IOException {
        var request = "GET /v1/echo/x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer fields\r\n\r\n";
        try (var client = new RawClient(server.port())) {
            var first = client.send(request).receive();
            assertThat(first.status()).isEqualTo(200);
            assertThat(first.field("ratelimit-policy")).contains("\"caller\";q=2;w=3600");
            assertThat(first.field("ratelimit")).contains("\"caller\";r=1;t=1800");
            assertThat(client.send(request).receive().field("ratelimit"))
                    .contains("\"caller\";r=0;t=3600");

            var refused = client.send(request).receive();

            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.field("ratelimit")).contains("\"caller\";r=0;t=3600");
            assertThat(Integer.parseInt(refused.field("retry-after").orElseThrow()))
                    .isBetween(1700, 1800);
        }
    }

    @Test
    void metadataOfGrpcSaysWhatIsLeft() throws IOException {
        try (var client = RawHttp2.open(server.port())) {
            client.send(
                    RawHttp2.call(
                            1, FacadeCalls.SERVICE + "Echo", "authorization", "Bearer metadata"),
                    RawHttp2.data(1, true, FacadeCalls.envelope(0, new byte[0])));
            var head = client.await(RawHttp2.HEADERS);
            assertThat(fields(new DefaultHttp2HeadersDecoder(false), head))
                    .contains("ratelimit=\"caller\";r=1;t=1800");
        }
    }

    /// As `name=value`, one a line.
    private static String fields(DefaultHttp2HeadersDecoder decoder, RawHttp2.Frame frame)
            throws IOException {
        try {
            var fields =
                    decoder.decodeHeaders(frame.stream(), Unpooled.wrappedBuffer(frame.payload()));
            return StreamSupport.stream(fields.spliterator(), false)
                    .map(field -> field.getKey() + "=" + field.getValue())
                    .collect(Collectors.joining("\n"));
        } catch (Http2Exception e) {
            throw new IOException(e);
        }
    }

    // What is decompressed

    @Test
    void bombInARequestBodyIsRefused() throws IOException {
        var bomb = bomb(true);
        try (var client = new RawClient(server.port())) {
            var response =
                    client.send(
                                    """
                                    POST /v1/echo HTTP/1.1\r
                                    Host: x\r
                                    Authorization: Bearer bomb\r
                                    Content-Type: application/json\r
                                    Content-Encoding: gzip\r
                                    Content-Length: %d\r
                                    \r
                                    """
                                            .formatted(bomb.length))
                            .send(bomb)
                            .receive();
            assertThat(response.status()).as(response.text()).isEqualTo(413);
        }
    }

    @Test
    void bombInAConnectRequestIsRefused() throws IOException {
        var bomb = bomb(true);
        try (var client = new RawClient(server.port())) {
            var response =
                    client.send(
                                    """
                                    POST %sEcho HTTP/1.1\r
                                    Host: x\r
                                    Authorization: Bearer connect-bomb\r
                                    Content-Type: application/proto\r
                                    Connect-Protocol-Version: 1\r
                                    Content-Encoding: gzip\r
                                    Content-Length: %d\r
                                    \r
                                    """
                                            .formatted(FacadeCalls.SERVICE, bomb.length))
                            .send(bomb)
                            .receive();
            assertThat(response.status()).as(response.text()).isEqualTo(429);
            assertThat(response.text()).contains("resource_exhausted").contains("4194304");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/grpc", "application/grpc-web+proto"})
    void bombInAnEnvelopeIsRefused(String type) throws IOException {
        try (var client = RawHttp2.open(server.port())) {
            client.send(
                    RawHttp2.headers(
                            1,
                            false,
                            ":method",
                            "POST",
                            ":scheme",
                            "http",
                            ":path",
                            FacadeCalls.SERVICE + "Echo",
                            ":authority",
                            "x",
                            "content-type",
                            type,
                            "te",
                            "trailers",
                            "grpc-encoding",
                            "gzip",
                            "authorization",
                            "Bearer " + UUID.randomUUID()));
            var envelope = FacadeCalls.envelope(1, bomb(true));
            var piece = 16 * 1024;
            for (var i = 0; i < envelope.length; i += piece) {
                var end = Math.min(envelope.length, i + piece);
                client.send(
                        RawHttp2.data(
                                1, end == envelope.length, Arrays.copyOfRange(envelope, i, end)));
            }
            var decoder = new DefaultHttp2HeadersDecoder(false);
            var text = new StringBuilder();
            RawHttp2.Frame frame;
            do {
                frame = client.await(f -> f.is(RawHttp2.HEADERS) || f.is(RawHttp2.DATA));
                text.append(
                        frame.is(RawHttp2.HEADERS)
                                ? fields(decoder, frame)
                                : new String(frame.payload(), US_ASCII));
            } while (!frame.has(RawHttp2.END_STREAM));
            assertThat(text.toString()).containsPattern("grpc-status[:=] ?8");
        }
    }

    @Test
    void bombInAWebSocketMessageIsRefused() throws IOException {
        try (var socket =
                RawWebSocket.open(
                        server.port(),
                        "/ws" + FacadeCalls.SERVICE + "EchoChat",
                        "Authorization: Bearer socket-bomb",
                        "Sec-WebSocket-Extensions: permessage-deflate")) {
            socket.send(RawWebSocket.FINAL | RawWebSocket.RSV1 | RawWebSocket.TEXT, bomb(false));
            var frame = socket.receive();
            while ((frame.first() & 0x0f) != RawWebSocket.CLOSE) {
                frame = socket.receive();
            }
            assertThat(frame.closeCode()).isEqualTo(1009);
        }
    }

    private static byte[] bomb(boolean isGzip) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (OutputStream out =
                isGzip
                        ? new GZIPOutputStream(bytes)
                        : new DeflaterOutputStream(bytes, new Deflater(9, true))) {
            var piece = " ".repeat(1 << 20).getBytes(US_ASCII);
            for (var i = 0; i < BOMB_SIZE / piece.length; i++) {
                out.write(piece);
            }
        }
        return bytes.toByteArray();
    }
}
