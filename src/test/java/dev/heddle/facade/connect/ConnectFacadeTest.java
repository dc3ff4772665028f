package dev.heddle.facade.connect;

import static dev.heddle.testing.FacadeCalls.CORS;
import static dev.heddle.testing.FacadeCalls.JSON;
import static dev.heddle.testing.FacadeCalls.ORIGIN;
import static dev.heddle.testing.FacadeCalls.SERVER_STREAM;
import static dev.heddle.testing.FacadeCalls.SERVICE;
import static dev.heddle.testing.FacadeCalls.UNARY;
import static dev.heddle.testing.FacadeCalls.headers;
import static dev.heddle.testing.FacadeCalls.request;
import static dev.heddle.testing.FacadeCalls.response;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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
import dev.heddle.testing.v1.SamePathServiceGrpc;
import io.grpc.Status.Code;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Unary calls, on exchanges whose bytes are given and kept.
@Timeout(30)
final class ConnectFacadeTest {
    private static final String PROTO = "application/proto";
    private static final byte[] HELLO = "{\"message\":\"hello\"}".getBytes(UTF_8);

    private final TestMethods methods = new TestMethods();
    private final Pipeline pipeline = FacadeCalls.pipeline();
    private final ConnectFacade facade = facade(Rpcs.builder().add(methods).build());

    private ConnectFacade facade(Rpcs rpcs) {
        return new ConnectFacade(
                rpcs, RouteTable.of(rpcs), pipeline, JSON, new MessageSettings(5000, false), CORS);
    }

    @Test
    void jsonIsAnsweredInJsonAndProtobufInProtobuf() throws IOException {
        methods.unary((request, call) -> {
            call.responseHeaders().set("x-head", "1");
            call.responseTrailers().set("x-tail", "2");
            return response("re: " + request.getMessage());
        });

        var json = post("application/json; charset=utf-8", Headers.empty(), HELLO);
        var proto = post(PROTO, Headers.empty(), request("hello").toByteArray());

        assertThat(json.status).isEqualTo(200);
        assertThat(json.answered.first("content-type")).contains("application/json");
        assertThat(json.answered.first("x-head")).contains("1");
        assertThat(json.answered.first("trailer-x-tail")).contains("2");
        assertThat(text(json)).isEqualTo("{\"message\":\"re: hello\"}");
        assertThat(proto.answered.first("content-type")).contains(PROTO);
        assertThat(proto.written()).isEqualTo(response("re: hello").toByteArray());
    }

    @ParameterizedTest
    @CsvSource({
        "CANCELLED, canceled, 499",
        "UNKNOWN, unknown, 500",
        "INVALID_ARGUMENT, invalid_argument, 400",
        "DEADLINE_EXCEEDED, deadline_exceeded, 504",
        "NOT_FOUND, not_found, 404",
        "ALREADY_EXISTS, already_exists, 409",
        "PERMISSION_DENIED, permission_denied, 403",
        "RESOURCE_EXHAUSTED, resource_exhausted, 429",
        "FAILED_PRECONDITION, failed_precondition, 400",
        "ABORTED, aborted, 409",
        "OUT_OF_RANGE, out_of_range, 400",
        "UNIMPLEMENTED, unimplemented, 501",
        "INTERNAL, internal, 500",
        "UNAVAILABLE, unavailable, 503",
        "DATA_LOSS, data_loss, 500",
        "UNAUTHENTICATED, unauthenticated, 401",
    })
    void errorHasItsNameAndItsStatus(Code code, String name, int status) throws IOException {
        methods.unary((_, _) -> {
            throw new RpcException(code, "as \"asked\"");
        });

        var exchange = post(PROTO, Headers.empty(), new byte[0]);

        assertThat(exchange.status).isEqualTo(status);
        assertThat(exchange.answered.first("content-type")).contains("application/json");
        assertThat(text(exchange))
                .isEqualTo("{\"code\":\"%s\",\"message\":\"as \\\"asked\\\"\"}".formatted(name));
    }

    /// Connect's table knows no reasons.
    @Test
    void errorThatSaysOverloadedIsStillOfItsCode() throws IOException {
        methods.unary((_, call) -> {
            call.responseTrailers().set("x-tail", "2");
            throw new RpcException(Code.RESOURCE_EXHAUSTED, "full")
                    .withReason(RpcException.OVERLOADED)
                    .withRetryAfter(java.time.Duration.ofSeconds(3));
        });

        var exchange = post(PROTO, Headers.empty(), new byte[0]);

        assertThat(exchange.status).isEqualTo(429);
        assertThat(exchange.answered.first("retry-after")).contains("3");
        assertThat(exchange.answered.first("trailer-x-tail")).contains("2");
        var reason =
                com.google.rpc.ErrorInfo.newBuilder()
                        .setReason(RpcException.OVERLOADED)
                        .setDomain(RpcException.DOMAIN)
                        .build();
        var bytes = Base64.getEncoder().withoutPadding().encodeToString(reason.toByteArray());
        assertThat(text(exchange))
                .contains(
                        "{\"type\":\"google.rpc.ErrorInfo\",\"value\":\""
                                + bytes
                                + "\",\"debug\":{")
                .contains("\"reason\":\"OVERLOADED\"");
    }

    @Test
    void malformedRequestsAreInvalid() throws IOException {
        methods.unary((_, _) -> response("never"));

        assertThat(failure(post("application/json", Headers.empty(), "{".getBytes(UTF_8))))
                .startsWith("400 {\"code\":\"invalid_argument\"");
        assertThat(failure(post("application/json", Headers.empty(), new byte[0])))
                .startsWith("400 {\"code\":\"invalid_argument\"");
        assertThat(failure(post(PROTO, Headers.empty(), new byte[] {-1})))
                .startsWith("400 {\"code\":\"invalid_argument\"");
        assertThat(failure(post(PROTO, headers("connect-protocol-version", "2"), new byte[0])))
                .startsWith("400 {\"code\":\"invalid_argument\"");
        assertThat(failure(post(PROTO, headers("content-encoding", "br"), new byte[0])))
                .startsWith("501 {\"code\":\"unimplemented\"")
                .contains("identity,gzip");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1s", "-1", "1.5", "12345678901", "१"})
    void malformedTimeoutIsInvalid(String timeout) throws IOException {
        assertThat(failure(post(PROTO, headers("connect-timeout-ms", timeout), new byte[0])))
                .startsWith("400 {\"code\":\"invalid_argument\"");
    }

    @Test
    void timeoutEndsTheCall() throws IOException {
        methods.unary((_, _) -> {
            new java.util.concurrent.CountDownLatch(1).await();
            return response("never");
        });

        assertThat(failure(post(PROTO, headers("connect-timeout-ms", "50"), new byte[0])))
                .startsWith("504 {\"code\":\"deadline_exceeded\"");
    }

    @Test
    void callerWithoutCredentialsIsNotListenedTo() throws IOException {
        var body =
                new ByteArrayInputStream(HELLO) {
                    @Override
                    public synchronized int read(byte[] target, int offset, int length) {
                        throw new IllegalStateException("read");
                    }
                };
        var exchange =
                new RecordedExchange(
                        "POST",
                        UNARY,
                        "HTTP/2",
                        headers("content-type", PROTO, "x-anonymous", ""),
                        body);

        facade.handle(exchange);

        assertThat(exchange.status).isEqualTo(401);
        assertThat(exchange.answered.first("www-authenticate")).contains("Bearer");
    }

    @Test
    void gzipIsReadAndAnsweredToThoseWhoAcceptIt() throws IOException {
        methods.unary((request, _) -> response(request.getMessage()));
        var text = "0123456789".repeat(300);
        var gzip = Gzip.deflate(request(text).toByteArray());

        var asked =
                post(
                        PROTO,
                        headers("content-encoding", "gzip", "accept-encoding", "br, gzip;q=0.5"),
                        gzip);
        var silent = post(PROTO, headers("content-encoding", "gzip"), gzip);
        var refusing =
                post(
                        PROTO,
                        headers("content-encoding", "gzip", "accept-encoding", "gzip;q=0"),
                        gzip);
        var empty = post(PROTO, headers("content-encoding", "gzip"), new byte[0]);

        assertThat(asked.answered.first("content-encoding")).contains("gzip");
        assertThat(Gzip.inflate(asked.written(), 10_000)).isEqualTo(response(text).toByteArray());
        assertThat(silent.answered.first("content-encoding")).contains("gzip");
        assertThat(refusing.answered.contains("content-encoding")).isFalse();
        assertThat(empty.status).isEqualTo(200);
    }

    @Test
    void bodyBeyondTheBoundIsRefusedBeforeAndAfterInflating() throws IOException {
        methods.unary((_, _) -> response("never"));
        var bomb = Gzip.deflate(new byte[10_000_000 / 10]);

        assertThat(failure(post(PROTO, Headers.empty(), new byte[5001])))
                .startsWith("429 {\"code\":\"resource_exhausted\"");
        assertThat(bomb).hasSizeLessThan(5000);
        assertThat(failure(post(PROTO, headers("content-encoding", "gzip"), bomb)))
                .startsWith("429 {\"code\":\"resource_exhausted\"");
        assertThat(failure(post(PROTO, headers("content-encoding", "gzip"), new byte[9])))
                .startsWith("400 {\"code\":\"invalid_argument\"");
    }

    @Test
    void getBringsWhatPostWould() throws IOException {
        methods.unary((request, _) -> response("re: " + request.getMessage()));
        var proto = request("hello").toByteArray();
        var url = Base64.getUrlEncoder();

        assertThat(
                        text(
                                get(
                                        "connect=v1&encoding=json&message="
                                                + encoded("{\"message\":\"a b\"}"))))
                .isEqualTo("{\"message\":\"re: a b\"}");
        assertThat(
                        text(
                                get(
                                        "message="
                                                + url.encodeToString(HELLO)
                                                + "&base64=1&encoding=json&x=y")))
                .isEqualTo("{\"message\":\"re: hello\"}");
        assertThat(
                        get("base64=1&encoding=proto&message="
                                        + url.withoutPadding().encodeToString(proto))
                                .written())
                .isEqualTo(response("re: hello").toByteArray());
        assertThat(
                        get("base64=1&compression=gzip&encoding=proto&message="
                                        + url.encodeToString(Gzip.deflate(proto)))
                                .written())
                .isEqualTo(response("re: hello").toByteArray());
        assertThat(get("encoding=proto&message=").written())
                .isEqualTo(response("re: ").toByteArray());
    }

    @ParameterizedTest
    @CsvSource({
        "'encoding=json', 400",
        "'encoding=json&message=%zz', 400",
        "'encoding=json&message=%7B', 400",
        "'connect=v2&encoding=proto&message=', 400",
        "'encoding=proto&base64=1&message=%2A', 400",
        "'encoding=proto&base64=1&compression=gzip&message=AAAA', 400",
        "'encoding=proto&compression=br&message=', 501",
        "'encoding=text&message=', 415",
        "'message=', 415",
    })
    void malformedGetIsRefused(String query, int status) throws IOException {
        methods.unary((_, _) -> response("never"));

        assertThat(get(query).status).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, Echo, application/proto, 405, allow, 'GET, POST'",
        "HEAD, Echo, application/proto, 405, allow, 'GET, POST'",
        "GET, EchoStream, application/connect+proto, 405, allow, POST",
        "POST, Echo, text/plain, 415, accept-post, 'application/json, application/proto'",
        "POST, Echo, application/connect+proto, 415, accept-post, 'application/json, application/proto'",
        "POST, EchoStream, application/proto, 415, accept-post, 'application/connect+json, application/connect+proto'",
        "POST, EchoStream, application/connect+thrift, 415, accept-post, 'application/connect+json, application/connect+proto'",
        "POST, Nothing, application/connect+proto, 404, content-type, text/plain",
    })
    void whatIsNoCallIsAnsweredByPlainHttp(
            String httpMethod, String method, String type, int status, String header, String value)
            throws IOException {
        var exchange = exchange(httpMethod, SERVICE + method, headers("content-type", type), HELLO);

        facade.handle(exchange);

        assertThat(exchange.status).isEqualTo(status);
        assertThat(exchange.answered.first(header)).contains(value);
    }

    @Test
    void preflightNamesTheMethodsAndWhatWasAskedFor() throws IOException {
        var asked =
                headers(
                        "origin", ORIGIN,
                        "access-control-request-method", "POST",
                        "access-control-request-headers",
                                "connect-protocol-version, content-type, x-grpc-web");
        var exchange = exchange("OPTIONS", UNARY, asked, new byte[0]);
        var stream = exchange("OPTIONS", SERVER_STREAM, asked, new byte[0]);
        var other =
                exchange(
                        "OPTIONS",
                        UNARY,
                        headers(
                                "origin",
                                "https://evil.example.com",
                                "access-control-request-method",
                                "POST"),
                        new byte[0]);

        facade.handle(exchange);
        facade.handle(stream);
        facade.handle(other);

        assertThat(facade.isConnect(exchange)).isTrue();
        assertThat(exchange.status).isEqualTo(204);
        assertThat(exchange.answered.first("access-control-allow-origin")).contains(ORIGIN);
        assertThat(exchange.answered.first("access-control-allow-methods")).contains("GET, POST");
        assertThat(exchange.answered.first("access-control-allow-headers"))
                .contains("connect-protocol-version, content-type, x-grpc-web");
        assertThat(exchange.answered.first("access-control-max-age")).contains("600");
        assertThat(stream.answered.first("access-control-allow-methods")).contains("POST");
        assertThat(other.answered.contains("access-control-allow-methods")).isFalse();
    }

    @Test
    void pageOfAnAllowedOriginMayReadTrailers() throws IOException {
        methods.unary((_, call) -> {
            call.responseTrailers().set("x-tail", "2");
            return response("x");
        });

        var answered = post(PROTO, headers("origin", ORIGIN), new byte[0]).answered;

        assertThat(answered.first("access-control-expose-headers").orElseThrow())
                .contains("trailer-x-tail");
        assertThat(answered.first("vary")).contains("accept-encoding, origin");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, '', application/json, true",
        "POST, '', text/plain, true",
        "GET, '', text/plain, true",
        "GET, encoding=json&message=1, text/plain, true",
    })
    void pathOfAMethodIsConnects(String method, String query, String type, boolean expected) {
        assertThat(facade.isConnect(exchange(method, UNARY + "?" + query, type(type), HELLO)))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, '', application/json, x-other, false",
        "GET, encoding=json&message=1, text/plain, x-other, false",
        "POST, '', application/json, connect-protocol-version, true",
        "POST, '', application/proto, x-other, true",
        "POST, '', application/connect+json, x-other, true",
        "GET, encoding=json&message=1&connect=v1, text/plain, x-other, true",
    })
    void pathThatARuleHasTooIsConnectsWhereTheRequestSaysSo(
            String method, String query, String type, String header, boolean expected) {
        var same =
                Rpcs.builder()
                        .unary(SamePathServiceGrpc.getSameMethod(), (shape, _) -> shape)
                        .build();
        var exchange =
                exchange(
                        method,
                        "/heddle.testing.v1.SamePathService/Same?" + query,
                        headers("content-type", type, header, "1"),
                        HELLO);

        assertThat(facade(same).isConnect(exchange)).isEqualTo(expected);
    }

    @Test
    void otherPathsAreNotButForWhatOnlyConnectHas() {
        assertThat(facade.isConnect(exchange("POST", "/v1/echo", type("application/json"), HELLO)))
                .isFalse();
        assertThat(
                        facade.isConnect(
                                exchange(
                                        "POST",
                                        "/v1/echo",
                                        type("application/connect+json"),
                                        HELLO)))
                .isTrue();
    }

    private static Headers type(String contentType) {
        return headers("content-type", contentType);
    }

    private RecordedExchange post(String type, Headers more, byte[] body) throws IOException {
        var all = Headers.builder().set("content-type", type).addAll(more).build();
        var exchange = exchange("POST", UNARY, all, body);
        facade.handle(exchange);
        return exchange;
    }

    private RecordedExchange get(String query) throws IOException {
        var exchange = exchange("GET", UNARY + "?" + query, Headers.empty(), new byte[0]);
        facade.handle(exchange);
        return exchange;
    }

    private static RecordedExchange exchange(
            String method, String target, Headers headers, byte[] body) {
        return new RecordedExchange(
                method, target, "HTTP/1.1", headers, new ByteArrayInputStream(body));
    }

    private static String failure(RecordedExchange exchange) {
        return exchange.status + " " + text(exchange);
    }

    private static String text(RecordedExchange exchange) {
        return new String(exchange.written(), UTF_8);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}
