package dev.heddle.fuzz;

import static dev.heddle.testing.FacadeCalls.CLIENT_STREAM;
import static dev.heddle.testing.FacadeCalls.CORS;
import static dev.heddle.testing.FacadeCalls.JSON;
import static dev.heddle.testing.FacadeCalls.SERVER_STREAM;
import static dev.heddle.testing.FacadeCalls.SERVICE;
import static dev.heddle.testing.FacadeCalls.UNARY;
import static dev.heddle.testing.FacadeCalls.envelope;
import static dev.heddle.testing.FacadeCalls.headers;
import static dev.heddle.testing.FacadeCalls.response;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.diagnostics.v1.EchoRequest;
import dev.heddle.facade.connect.ConnectFacade;
import dev.heddle.facade.envelope.Gzip;
import dev.heddle.facade.envelope.MessageSettings;
import dev.heddle.facade.grpc.GrpcFacade;
import dev.heddle.facade.grpcweb.GrpcWebFacade;
import dev.heddle.facade.route.RouteTable;
import dev.heddle.fuzz.Fuzz.Input;
import dev.heddle.http.ExchangeHandler;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpcs;
import dev.heddle.testing.FacadeCalls;
import dev.heddle.testing.RecordedExchange;
import dev.heddle.testing.TestMethods;
import io.grpc.Status;
import io.grpc.Status.Code;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Bodies at random for the framings that cut them into messages. The answer blames the caller, or
/// is what the method made of it: never an error of the gateway's own.
@Timeout(3600)
final class FacadesFuzzTest {
    private static final Pattern PADDING_END = Pattern.compile("(?<==)(?!=)");

    private static final int MAX_MESSAGE = 1000;
    private static final MessageSettings MESSAGES = new MessageSettings(MAX_MESSAGE, false);
    private static final List<String> METHODS =
            List.of(UNARY, SERVER_STREAM, CLIENT_STREAM, SERVICE + "EchoChat");
    private static final byte[] MESSAGE =
            EchoRequest.newBuilder().setMessage("héllo").build().toByteArray();
    private static final byte[] JSON_MESSAGE =
            "{\"message\":\"héllo\"}".getBytes(StandardCharsets.UTF_8);
    private static final Pattern STATUS =
            Pattern.compile("grpc-status: (\\d+)\r\n(grpc-message: ([^\r]*)\r\n)?");

    private final Pipeline pipeline = FacadeCalls.pipeline();
    private final Rpcs rpcs = Rpcs.builder().add(echo()).build();

    private static TestMethods echo() {
        return new TestMethods()
                .unary((request, _) -> response(request.getMessage()))
                .serverStreaming((request, out, _) -> out.send(response(request.getMessage())))
                .clientStreaming((in, _) -> {
                    var count = 0;
                    for (var next = in.next(); next.isPresent(); next = in.next()) {
                        count++;
                    }
                    return response(count + " messages");
                })
                .bidi((in, out, _) -> {
                    for (var next = in.next(); next.isPresent(); next = in.next()) {
                        out.send(response(next.get().getMessage()));
                    }
                });
    }

    private static byte[] zipped(byte[] message) {
        try {
            return Gzip.deflate(message);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] two(byte[] envelope) {
        var two = java.util.Arrays.copyOf(envelope, 2 * envelope.length);
        System.arraycopy(envelope, 0, two, envelope.length, envelope.length);
        return two;
    }

    private static byte[][] envelopes() {
        return new byte[][] {
            envelope(0, MESSAGE),
            two(envelope(0, MESSAGE)),
            envelope(0, JSON_MESSAGE),
            envelope(1, zipped(MESSAGE)),
            envelope(1, zipped(new byte[100_000])),
            envelope(2, "{}".getBytes(StandardCharsets.UTF_8)),
            envelope(0, new byte[0]),
            envelope(0x80, MESSAGE),
        };
    }

    private static RecordedExchange call(
            ExchangeHandler facade, Input input, Headers headers, byte[] body) throws IOException {
        var method = METHODS.get(input.random().nextInt(METHODS.size()));
        var exchange =
                new RecordedExchange(
                        "POST", method, "HTTP/2", headers, new ByteArrayInputStream(body));
        facade.handle(exchange);
        assertThat(exchange.isComplete).as("answer is complete").isTrue();
        return exchange;
    }

    private static String one(Random random, String... of) {
        return of[random.nextInt(of.length)];
    }

    @Test
    void grpcMessages() {
        var facade = new GrpcFacade(rpcs, pipeline, MESSAGES);
        Fuzz.of("gRPC messages", envelopes())
                .refusedBy(List.of(RefusedException.class))
                .run(input -> {
                    var headers =
                            headers(
                                    "content-type",
                                            one(
                                                    input.random(),
                                                    "application/grpc",
                                                    "application/grpc+proto"),
                                    "te", "trailers",
                                    "grpc-encoding", one(input.random(), "identity", "gzip"));
                    var exchange = call(facade, input, headers, input.bytes());
                    checkTrailers(exchange);
                });
    }

    @Test
    void grpcHeaders() {
        var facade = new GrpcFacade(rpcs, pipeline, MESSAGES);
        Fuzz.of(
                        "gRPC headers",
                        "grpc-timeout 10S",
                        "grpc-encoding gzip",
                        "grpc-accept-encoding identity,gzip;q=0",
                        "x-bin aGVsbG8,aGVsbG8=",
                        "content-type application/grpc+proto",
                        "grpc-status 3")
                .words("grpc-timeout ", "x-bin ", "99999999H", "1n", "0m", ",", "=", "gzip", ";q=")
                .refusedBy(List.of(RefusedException.class))
                .run(input -> {
                    var field = input.text(StandardCharsets.ISO_8859_1).split(" ", 2);
                    if (field.length < 2
                            || !field[0].matches("[a-z0-9-]+")
                            || !field[1].matches("[ -~\u00a0-\u00ff]+")) {
                        throw new RefusedException("no field of a header");
                    }
                    var exchange =
                            RecordedExchange.call(
                                    UNARY,
                                    headers(field[0], field[1]),
                                    new ByteArrayInputStream(envelope(0, MESSAGE)));
                    facade.handle(exchange);
                    if (exchange.status != 200) {
                        assertThat(exchange.status).isBetween(400, 499);
                        throw new RefusedException("status " + exchange.status);
                    }
                    checkTrailers(exchange);
                });
    }

    @Test
    void grpcWebMessages() {
        var facade = new GrpcWebFacade(rpcs, pipeline, JSON, MESSAGES, CORS);
        Fuzz.of("gRPC-Web messages", envelopes())
                .refusedBy(List.of(RefusedException.class))
                .run(input -> {
                    var type =
                            one(
                                    input.random(),
                                    "application/grpc-web",
                                    "application/grpc-web+json");
                    check(
                            grpcWeb(facade, input, type, input.bytes())
                                    .toString(StandardCharsets.ISO_8859_1));
                });
    }

    @Test
    void grpcWebText() {
        var facade = new GrpcWebFacade(rpcs, pipeline, JSON, MESSAGES, CORS);
        var base64 = Base64.getEncoder();
        Fuzz.of(
                        "gRPC-Web text",
                        base64.encode(envelope(0, MESSAGE)),
                        two(base64.encode(envelope(0, MESSAGE))),
                        base64.encode(envelope(1, zipped(MESSAGE))))
                .words("A", "AAAA", "=", "==", "\r\n", "-", "_")
                .refusedBy(List.of(RefusedException.class))
                .run(input -> {
                    var answer =
                            grpcWeb(facade, input, "application/grpc-web-text", input.bytes())
                                    .toString(StandardCharsets.ISO_8859_1);
                    // each piece has its padding
                    var text = new StringBuilder();
                    for (var part : PADDING_END.splitAsStream(answer).toList()) {
                        text.append(
                                new String(
                                        Base64.getDecoder().decode(part),
                                        StandardCharsets.ISO_8859_1));
                    }
                    check(text.toString());
                });
    }

    private static java.io.ByteArrayOutputStream grpcWeb(
            GrpcWebFacade facade, Input input, String type, byte[] body) throws IOException {
        var headers =
                headers(
                        "content-type",
                        type,
                        "grpc-encoding",
                        one(input.random(), "identity", "gzip"));
        var exchange = call(facade, input, headers, body);
        assertThat(exchange.status).isEqualTo(200);
        var written = new java.io.ByteArrayOutputStream();
        written.writeBytes(exchange.written());
        return written;
    }

    @Test
    void connectMessages() {
        var facade = new ConnectFacade(rpcs, RouteTable.of(rpcs), pipeline, JSON, MESSAGES, CORS);
        var samples = new byte[envelopes().length + 3][];
        System.arraycopy(envelopes(), 0, samples, 3, envelopes().length);
        samples[0] = MESSAGE;
        samples[1] = JSON_MESSAGE;
        samples[2] = zipped(MESSAGE);
        Fuzz.of("Connect messages", samples)
                .refusedBy(List.of(RefusedException.class))
                .run(input -> {
                    var headers =
                            headers(
                                    "content-type",
                                    one(
                                            input.random(),
                                            "application/proto",
                                            "application/json",
                                            "application/connect+proto",
                                            "application/connect+json"),
                                    one(
                                            input.random(),
                                            "content-encoding",
                                            "connect-content-encoding",
                                            "x-none"),
                                    one(input.random(), "identity", "gzip"));
                    var exchange = call(facade, input, headers, input.bytes());
                    var text = new String(exchange.written(), StandardCharsets.UTF_8);
                    assertThat(text)
                            .doesNotContain(
                                    "\"internal\"", "\"unknown\"", "\"unavailable\"", "Exception");
                    if (exchange.status != 200 || text.contains("\"error\"")) {
                        assertThat(exchange.status).isIn(200, 400, 404, 405, 413, 415, 429, 501);
                        throw new RefusedException(text);
                    }
                });
    }

    private static void check(String answer) throws RefusedException {
        var status = STATUS.matcher(answer);
        assertThat(status.find()).as(answer).isTrue();
        check(Integer.parseInt(status.group(1)), Optional.ofNullable(status.group(3)).orElse(""));
    }

    private static void checkTrailers(RecordedExchange exchange) throws RefusedException {
        var trailers = exchange.trailers.isEmpty() ? exchange.answered : exchange.trailers;
        check(
                Integer.parseInt(trailers.first("grpc-status").orElseThrow()),
                trailers.first("grpc-message").orElse(""));
    }

    /// gRPC has INTERNAL for what breaks its framing, and a deadline can be very short.
    private static void check(int status, String message) throws RefusedException {
        if (status != 0) {
            var code = Status.fromCodeValue(status).getCode();
            assertThat(message).doesNotContain("internal error", "Exception");
            if (code != Code.INTERNAL && code != Code.DEADLINE_EXCEEDED) {
                assertThat(Fuzz.isBlame(code)).as("%s blames the caller", code).isTrue();
            }
            throw new RefusedException(code.name());
        }
    }

    /// An answer that blames the caller.
    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message, null, false, false);
        }
    }
}
