package dev.heddle.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.TestGateway;
import dev.heddle.http.helidon.RawClient;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.Calls;
import dev.heddle.testing.FacadeCalls;
import dev.heddle.testing.GatewayCalls;
import dev.heddle.testing.TestPostgres;
import dev.heddle.users.v1.GetUserRequest;
import dev.heddle.users.v1.ListUsersRequest;
import dev.heddle.users.v1.UserServiceGrpc;
import io.grpc.Status.Code;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Texts that would be something else than text where they end up: SQL, a path, a header field, a
/// formula, a request. By the framing and the place where each would work; ARCHITECTURE.md lists
/// those that the tests of a feature try.
@Timeout(60)
@TestInstance(Lifecycle.PER_CLASS)
final class InjectionTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int USERS = 3;

    private final TestGateway gateway = open();
    private final GatewayCalls calls =
            new GatewayCalls(URI.create("http://127.0.0.1:" + gateway.port()), gateway.token());

    private static TestGateway open() {
        try {
            return TestGateway.open(TestPostgres.createDatabase()).start();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @BeforeAll
    void fill() throws Exception {
        for (var i = 0; i < USERS; i++) {
            var body =
                    "{\"email\":\"u%d@example.com\",\"name\":\"=HYPERLINK(%d)\"}".formatted(i, i);
            assertThat(calls.send("POST", "/v1/users", body).statusCode()).isEqualTo(200);
        }
        var document = "{\"id\":\"one\",\"content\":{\"a\":\"b\"}}";
        assertThat(calls.send("POST", "/v1/collections/c/documents", document).statusCode())
                .isEqualTo(200);
    }

    @AfterAll
    void close() {
        calls.close();
        gateway.close();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private JsonNode get(String target) throws Exception {
        var response = calls.get(target);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private int users() throws Exception {
        return get("/v1/users").path("users").size();
    }

    // SQL

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x' OR '1'='1",
                "x'; DROP TABLE users; --",
                "\\'; DELETE FROM users; --",
                "x') UNION SELECT 1,2,3,4,5,6,7 --",
                "$$; SELECT pg_sleep(9); $$",
                ":filter0",
                "?",
                "%",
                "_%",
                "\\"
            })
    void sqlInAFilterIsTextToCompareWith(String sql) throws Exception {
        var literal = "\"" + sql.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
        for (var filter : List.of("name = " + literal, "email:" + literal, "name > " + literal)) {
            var found = get("/v1/users?filter=" + encoded(filter)).path("users");
            assertThat(found.size()).as(filter).isIn(0, filter.contains(">") ? USERS : 0);
            var request = ListUsersRequest.newBuilder().setFilter(filter).build();
            assertThat(calls.grpc(UserServiceGrpc.getListUsersMethod(), request).getUsersCount())
                    .isEqualTo(found.size());
        }
        // where it is no literal it is no filter either
        assertThat(calls.get("/v1/users?filter=" + encoded(sql)).statusCode()).isEqualTo(400);
        assertThat(users()).isEqualTo(USERS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name; DROP TABLE users",
                "name desc; --",
                "(SELECT 1)",
                "1",
                "name desc NULLS FIRST",
                "pg_sleep(9)",
                "users.name",
                "lower(name)"
            })
    void sqlIsNoOrder(String sql) throws Exception {
        assertThat(calls.get("/v1/users?order_by=" + encoded(sql)).statusCode()).isEqualTo(400);
        assertThat(users()).isEqualTo(USERS);
    }

    @Test
    void sqlInADocumentFilterOrACollectionIsText() throws Exception {
        for (var filter :
                List.of(
                        "{\"a\":\"b' OR '1'='1\"}",
                        "{\"a' OR '1'='1\":\"b\"}",
                        "{\"a\":\"b\\\"}'; DROP TABLE documents; --\"}")) {
            assertThat(
                            get("/v1/collections/c/documents?filter=" + encoded(filter))
                                    .path("documents"))
                    .as(filter)
                    .isEmpty();
        }
        for (var filter :
                List.of(
                        "' OR '1'='1",
                        "{\"a\":\"b\"}'; --",
                        "{\"a\":\"b\"}{}",
                        "{'a':'b'}",
                        "{a:1}",
                        "{\"a\":1e999}",
                        "{\"a\":" + "[".repeat(1000),
                        "{\"a\":\"\\u0000\"}")) {
            assertThat(
                            calls.get("/v1/collections/c/documents?filter=" + encoded(filter))
                                    .statusCode())
                    .as(filter)
                    .isEqualTo(400);
        }
        for (var collection : List.of("c' OR '1'='1", "c%", "_", "c\";--")) {
            var path = "/v1/collections/" + encoded(collection).replace("+", "%20") + "/documents";
            assertThat(calls.get(path).body()).as(collection).doesNotContain("\"one\"");
            assertThat(calls.send("POST", path, "{\"content\":{}}").statusCode()).isEqualTo(400);
        }
        assertThat(get("/v1/collections/c/documents").path("documents")).hasSize(1);
    }

    /// A token holds where the next page begins, and goes into SQL: only the gateway's own count.
    @Test
    void forgedPageTokenIsRefused() throws Exception {
        var token = get("/v1/users?page_size=1&order_by=name").path("nextPageToken").asText();
        var bytes = Base64.getUrlDecoder().decode(token);
        var good = "/v1/users?page_size=1&order_by=name&page_token=";
        assertThat(calls.get(good + token).statusCode()).isEqualTo(200);

        for (var i = 0; i < bytes.length; i++) {
            var forged = bytes.clone();
            forged[i] ^= 1;
            var text = Base64.getUrlEncoder().withoutPadding().encodeToString(forged);
            assertThat(calls.get(good + text).statusCode()).as("byte %d", i).isEqualTo(400);
        }
        var sql = "AAAAAAAA'; DROP TABLE users; --0123456789abcdef";
        var encoded = Base64.getUrlEncoder().encodeToString(sql.getBytes(StandardCharsets.UTF_8));
        assertThat(calls.get(good + encoded).statusCode()).isEqualTo(400);
        assertThat(calls.get("/v1/users?page_size=1&page_token=" + token).statusCode())
                .as("of another order")
                .isEqualTo(400);
        assertThat(users()).isEqualTo(USERS);
    }

    // Paths

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/proto/../etc/application.yaml",
                "/proto/..%2f..%2fetc%2fpasswd",
                "/proto/%2e%2e/%2e%2e/etc/passwd",
                "/proto/%252e%252e%252fapplication.yaml",
                "/proto/..%5c..%5capplication.yaml",
                "/proto/....//application.yaml",
                "/proto/heddle%00.proto",
                "/proto/%c0%ae%c0%ae/application.yaml",
                "/proto//etc/passwd",
                "/proto/file:%2f%2f%2fetc%2fpasswd",
                "/..%2fetc%2fpasswd",
                "/v1/files/..%2f..%2f..%2fetc%2fpasswd:download",
                "/v1/files/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
                "/v1/files/%252e%252e%252fetc%252fpasswd:download"
            })
    void pathLeadsNowhereElse(String path) throws IOException {
        var response = raw("GET " + path + " HTTP/1.1\r\n" + header() + "\r\n");

        assertThat(response.status()).as(response.text()).isIn(400, 404);
        assertThat(response.text()).doesNotContain("root:", "server:");
    }

    // Header fields

    @Test
    void lineBreakInATextIsNoHeaderField() throws Exception {
        for (var target :
                List.of(
                        "/v1/users/x%0d%0aX-Injected:%201",
                        "/v1/nothing%0d%0aX-Injected:%201",
                        "/v1/users?filter=%0d%0aX-Injected:%201",
                        "/v1/users?x%0d%0aX-Injected=1",
                        "/v1/collections/c%0d%0aX-Injected:%201/documents",
                        "/heddle.users.v1.UserService/Get%0d%0aX-Injected:%201")) {
            var response = raw("GET " + target + " HTTP/1.1\r\n" + header() + "\r\n");

            assertThat(response.status()).as(target).isBetween(200, 499);
            assertThat(response.field("x-injected")).as(target).isEmpty();
            assertThat(response.field("content-type").orElseThrow()).startsWith("application/json");
        }
    }

    @Test
    void lineBreakInAMessageOfGrpcIsNoTrailer() {
        var id = "x\r\ngrpc-status: 0\r\nx-injected: 1";

        var failure =
                Calls.failure(() ->
                        calls.grpc(
                                UserServiceGrpc.getGetUserMethod(),
                                GetUserRequest.newBuilder().setId(id).build()));

        assertThat(failure).isInstanceOf(RpcException.class);
        assertThat(failure.code()).isIn(Code.NOT_FOUND, Code.INVALID_ARGUMENT);
    }

    /// Whose trailers are text in the body, with nothing but line breaks between them.
    @Test
    void lineBreakInAMessageOfGrpcWebIsNoTrailer() throws IOException {
        var request =
                GetUserRequest.newBuilder().setId("x\r\ngrpc-status: 0\r\nx-injected: 1").build();
        var body = FacadeCalls.envelope(0, request.toByteArray());
        try (var client = new RawClient(gateway.port())) {
            client.send(
                    "POST /heddle.users.v1.UserService/GetUser HTTP/1.1\r\n"
                            + header()
                            + "Content-Type: application/grpc-web+proto\r\nContent-Length: "
                            + body.length
                            + "\r\n\r\n");
            var text = client.send(body).receive().text();

            assertThat(text.lines())
                    .hasSizeBetween(2, 3)
                    .noneMatch(line -> line.startsWith("grpc-status: 0"))
                    .noneMatch(line -> line.startsWith("x-injected"));
        }
    }

    // Spreadsheets

    @Test
    void formulaInACsvIsText() throws IOException {
        var response =
                raw("GET /v1/users:export HTTP/1.1\r\n" + header() + "Accept: text/csv\r\n\r\n");

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text().lines().filter(line -> line.contains("HYPERLINK")))
                .hasSize(USERS)
                .allMatch(line -> line.contains("'=HYPERLINK("));
    }

    // Requests

    /// What two readers could take for another request is refused, and the connection closed.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
                "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
                "Content-Length: 4\r\nContent-Length: 5\r\n",
                "Content-Length: 4, 4\r\n",
                "Content-Length: +4\r\n",
                "Content-Length : 4\r\n",
                "Transfer-Encoding : chunked\r\n",
                "Transfer-Encoding: chunked, identity\r\n",
                "Transfer-Encoding: identity, chunked\r\n",
                "Transfer-Encoding:\u000bchunked\r\n",
                "Transfer-Encoding: xchunked\r\n",
                "Transfer-Encoding: \"chunked\"\r\n",
                "X: y\r\n Transfer-Encoding: chunked\r\n",
                "X: y\r\n\tContent-Length: 4\r\n",
                "X: y\nTransfer-Encoding: chunked\r\n",
                "X: y\rTransfer-Encoding: chunked\r\n",
                "X: y\u0000Transfer-Encoding: chunked\r\n",
                "Host: other\r\n"
            })
    void requestWithinARequestIsNone(String fields) throws IOException {
        var smuggled = "0\r\n\r\nGET /v1/users HTTP/1.1\r\n" + header() + "\r\n";
        try (var client = new RawClient(gateway.port())) {
            client.send("POST /v1/users HTTP/1.1\r\n" + header() + fields + "\r\n" + smuggled);

            assertThat(client.receive().status()).isIn(400, 501);
            client.shutdownOutput();
            assertThat(client.rest()).as("what is answered behind it").isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2\r\n{}\r\n0\nGET /",
                "2\n{}\r\n0\r\n\r\n",
                "0x2\r\n{}\r\n0\r\n\r\n",
                "2 \r\r\n{}\r\n0\r\n\r\n",
                "2\r\n{}0\r\n\r\n",
                "100000002\r\n{}\r\n0\r\n\r\n"
            })
    void chunkThatTwoCouldReadDifferentlyIsRefused(String chunks) throws IOException {
        var fields = "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n";
        try (var client = new RawClient(gateway.port())) {
            client.send("POST /v1/users HTTP/1.1\r\n" + header() + fields + "\r\n" + chunks);
            client.send("GET /v1/users HTTP/1.1\r\n" + header() + "\r\n");

            assertThat(client.receive().status()).isEqualTo(400);
            client.shutdownOutput();
            assertThat(client.rest()).isEmpty();
        }
    }

    private String header() {
        return "Host: localhost\r\nAuthorization: Bearer " + gateway.token() + "\r\n";
    }

    private RawClient.Response raw(String request) throws IOException {
        try (var client = new RawClient(gateway.port())) {
            return client.send(request).receive();
        }
    }
}
