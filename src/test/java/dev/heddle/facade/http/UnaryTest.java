package dev.heddle.facade.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class UnaryTest {
    private final TestGateway gateway = new TestGateway(Settings.DEFAULTS);

    @BeforeAll
    void warmUp() {
        gateway.post("/v1/echo", "{}");
    }

    @AfterAll
    void close() {
        gateway.close();
    }

    @Test
    void answersJsonWithJson() {
        var response = gateway.post("/v1/echo", "{\"message\":\"hi\",\"after\":\"5\"}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{\"message\":\"hi\",\"index\":\"5\"}");
        assertThat(header(response, "content-type")).isEqualTo("application/json");
        assertThat(header(response, "vary")).isEqualTo("accept, accept-encoding");
        assertThat(header(response, "server-timing")).matches("total;dur=\\d+\\.\\d{3}");
        assertThat(header(response, "x-echo")).isEqualTo("1");
    }

    @Test
    void bindsPathAndQuery() {
        assertThat(gateway.get("/v1/echo/a%20b?after=7").body())
                .isEqualTo("{\"message\":\"a b\",\"index\":\"7\"}");
    }

    @Test
    void takesAnEmptyBodyForAnEmptyMessage() {
        var response = gateway.send(gateway.request("/v1/echo").POST(BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("{}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "application/json;int64=number|\"index\":5",
                "application/json;q=0.1;int64=number, text/html|\"index\":5",
                "*/*|\"index\":\"5\"",
                "application/*;q=0.5|\"index\":\"5\"",
                "text/html, */*;q=0.1|\"index\":\"5\""
            })
    void negotiatesHowIntegersLook(String accept, String expected) {
        assertThat(gateway.post("/v1/echo", "{\"after\":5}", "accept", accept).body())
                .contains(expected);
    }

    @Test
    void laysJsonOutForPeopleWhoAskInTheQuery() {
        assertThat(gateway.get("/v1/echo/a?$prettyPrint=true&$alt=json").body())
                .isEqualTo("{\n  \"message\" : \"a\"\n}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"message\":|400|malformed JSON at line 1",
                "{\"mesage\":1}|400|mesage: no such field (nearest: message)",
                "{\"count\":-1}|400|count: ",
                "{\"after\":\"x\"}|400|after: \\\"x\\\" (expected: a 64-bit integer)",
                "{\"error\":{\"code\":5,\"message\":\"none\"}}|404|none",
                "{\"error\":{\"code\":6}}|409|\"code\":6",
                "{\"error\":{\"code\":8}}|429|\"code\":8",
                "{\"error\":{\"code\":14}}|503|\"code\":14"
            })
    void failsWithTheCanonicalStatus(String json, int status, String message) {
        var response = gateway.post("/v1/echo", json, "accept", "text/event-stream, */*");

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.body()).startsWith("{\"code\":").contains(message);
        assertThat(response.body()).doesNotContain("Exception").doesNotContain("com.");
        assertThat(header(response, "content-type")).isEqualTo("application/json");
    }

    @Test
    void tellsWhenAnotherTryMakesSense() {
        var retry =
                """
                {"error":{"code":8,"details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo",
                "retryDelay":"1.2s"}]}}
                """;
        var response = gateway.post("/v1/echo", retry);

        assertThat(header(response, "retry-after")).isEqualTo("2");
        assertThat(response.body()).contains("\"retryDelay\":\"1.200s\"");
    }

    @Test
    void asksForCredentialsBeforeItLooksAtTheRequest() {
        var response = gateway.post("/v1/echo", "{", "x-anonymous", "1");

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(header(response, "www-authenticate")).isEqualTo("Bearer");
    }

    @Test
    void namesTheNearestRoutes() {
        var response = gateway.get("/v1/ecco");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).contains("/v1/echo").contains("\"code\":5");
    }

    @Test
    void namesTheMethodsOfAPath() {
        var response = gateway.send(gateway.request("/v1/echo/a").DELETE());

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(header(response, "allow")).contains("GET").contains("HEAD");
    }

    @Test
    void namesWhatIsOnOfferWhereNothingIsAccepted() {
        var response = gateway.get("/v1/echo/a", "accept", "text/html, application/json;q=0");

        assertThat(response.statusCode()).isEqualTo(406);
        assertThat(response.body()).contains("application/json").contains("NOT_ACCEPTABLE");
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain, 415",
        "application/x-www-form-urlencoded, 415",
        "application/json; charset=latin1, 415",
        "application/json; charset=UTF-8, 200",
        "nonsense, 415"
    })
    void takesJsonOnly(String type, int status) {
        var response =
                gateway.send(
                        gateway.request("/v1/echo", "content-type", type)
                                .POST(BodyPublishers.ofString("{}")));

        assertThat(response.statusCode()).isEqualTo(status);
        if (status == 415) {
            assertThat(header(response, "accept-post")).isEqualTo("application/json");
        }
    }

    @Test
    void refusesABodyThatIsTooLarge() {
        var large = "{\"message\":\"" + "a".repeat(5_000_000) + "\"}";

        var announced = gateway.post("/v1/echo", large);
        assertThat(announced.statusCode()).isEqualTo(413);
        var chunked =
                gateway.send(
                        gateway.request("/v1/echo", "content-type", "application/json")
                                .POST(
                                        BodyPublishers.ofInputStream(() ->
                                                new ByteArrayInputStream(
                                                        large.getBytes(StandardCharsets.UTF_8)))));
        assertThat(chunked.statusCode()).isEqualTo(413);
        assertThat(chunked.body()).contains("BODY_TOO_LARGE");
    }

    @Test
    void inflatesRequestsWithinTheBound() throws IOException {
        assertThat(postGzip("{\"message\":\"hi\"}").body()).isEqualTo("{\"message\":\"hi\"}");
        assertThat(postGzip("{\"message\":\"" + " ".repeat(5_000_000)).statusCode()).isEqualTo(413);
        var broken =
                gateway.send(
                        gateway.request("/v1/echo", "content-encoding", "gzip")
                                .POST(BodyPublishers.ofString("{\"message\":\"hi\"}")));
        assertThat(broken.statusCode()).isEqualTo(400);
        var unknown =
                gateway.send(
                        gateway.request("/v1/echo", "content-encoding", "br")
                                .POST(BodyPublishers.ofString("x")));
        assertThat(unknown.statusCode()).isEqualTo(415);
        assertThat(header(unknown, "accept-encoding")).isEqualTo("gzip");
    }

    @Test
    void compressesLargeResponsesForThoseWhoAcceptIt() throws IOException {
        var text = "a".repeat(2000);
        var response = getBytes("/v1/echo/" + text, "gzip, br");

        assertThat(header(response, "content-encoding")).isEqualTo("gzip");
        try (var in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).contains(text);
        }
        assertThat(getBytes("/v1/echo/" + text, "gzip;q=0").headers().map())
                .doesNotContainKey("content-encoding");
        assertThat(getBytes("/v1/echo/short", "gzip").headers().map())
                .doesNotContainKey("content-encoding");
    }

    @Test
    void answersHeadWithoutABody() {
        var response =
                gateway.send(
                        gateway.request("/v1/echo/hello").method("HEAD", BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
        assertThat(header(response, "content-length"))
                .isEqualTo(Integer.toString("{\"message\":\"hello\"}".length()));
    }

    @Test
    void answersOptionsWithWhatIsAllowed() {
        var response =
                gateway.send(
                        gateway.request("/v1/echo").method("OPTIONS", BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(header(response, "allow")).contains("POST");
    }

    @Test
    void callerSetsTheDeadline() {
        var late = gateway.get("/v1/echo:stream?count=1&interval=5s", "x-server-timeout", "0.1");
        assertThat(late.statusCode()).isEqualTo(504);
        assertThat(late.body()).startsWith("{\"code\":4,");

        var wrong = gateway.get("/v1/echo/a", "x-server-timeout", "soon");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(wrong.body()).contains("x-server-timeout: soon (expected: seconds");
    }

    @Test
    void readsAndWritesSingleFieldsAsBodies() {
        var children = put("/v1/shapes/t/children", "[{\"name\":\"a\"},{\"name\":\"b\"}]", "PUT");
        assertThat(children.body()).isEqualTo("[{\"name\":\"a\"},{\"name\":\"b\"}]");
        assertThat(put("/v1/shapes/t/int64", "\"12\"", "PUT").body()).isEqualTo("\"12\"");
        assertThat(put("/v1/shapes/t/int64", "", "PUT").body()).isEqualTo("\"0\"");
        assertThat(put("/v1/shapes/t/children", "", "PUT").body()).isEqualTo("[]");
        assertThat(put("/v1/shapes/t/child/n", "{\"size\":3}", "PATCH").body())
                .isEqualTo("{\"name\":\"n\",\"size\":3}");
        assertThat(put("/v1/shapes/t/int64", "1 2", "PUT").statusCode()).isEqualTo(400);
    }

    @Test
    void passesContentThroughAsItIs() {
        var response =
                gateway.send(
                        gateway.request("/v1/content", "content-type", "text/x-own; a=b")
                                .POST(BodyPublishers.ofString("äbc")));

        assertThat(response.body()).isEqualTo("cbä");
        assertThat(header(response, "content-type")).isEqualTo("text/x-own; a=b");
    }

    private HttpResponse<String> put(String target, String json, String method) {
        return gateway.send(
                gateway.request(target, "content-type", "application/json")
                        .method(method, BodyPublishers.ofString(json)));
    }

    private HttpResponse<String> postGzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return gateway.send(
                gateway.request("/v1/echo", "content-encoding", "gzip")
                        .POST(BodyPublishers.ofByteArray(bytes.toByteArray())));
    }

    private HttpResponse<byte[]> getBytes(String target, String acceptEncoding) {
        return gateway.send(
                gateway.request(target, "accept-encoding", acceptEncoding).GET(),
                BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
