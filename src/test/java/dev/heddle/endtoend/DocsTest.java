package dev.heddle.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import dev.heddle.testing.GatewayTest;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.core.util.Yaml31;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a running gateway tells of itself.
final class DocsTest extends GatewayTest {
    private final URI gateway;
    private final HttpClient client = HttpClient.newHttpClient();

    DocsTest(URI gateway) {
        this.gateway = gateway;
    }

    private HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.getPort() + target))
                .timeout(Duration.ofSeconds(60));
    }

    private HttpResponse<byte[]> get(String target, String... headers) throws Exception {
        var request = request(target);
        return client.send(
                (headers.length == 0 ? request : request.headers(headers)).build(),
                BodyHandlers.ofByteArray());
    }

    private JsonNode document() throws Exception {
        return Json31.mapper().readTree(get("/openapi.json").body());
    }

    @ParameterizedTest
    @CsvSource({
        "/openapi.json,application/json",
        "/openapi.yaml,application/yaml",
        "/descriptors.binpb,application/protobuf",
        "/proto/,text/plain; charset=utf-8",
        "/proto/heddle/users/v1/users.proto,text/plain; charset=utf-8"
    })
    void documentIsForEverybodyAndKeptByCaches(String path, String type) throws Exception {
        var response = get(path);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).contains(type);
        var tag = response.headers().firstValue("etag").orElseThrow();

        var again = get(path, "if-none-match", "\"other\", W/" + tag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.headers().firstValue("etag")).contains(tag);
        assertThat(again.body()).isEmpty();
        assertThat(get(path, "if-none-match", "\"other\"").statusCode()).isEqualTo(200);

        var head =
                client.send(
                        request(path).method("HEAD", BodyPublishers.noBody()).build(),
                        BodyHandlers.ofByteArray());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValueAsLong("content-length"))
                .hasValue(response.body().length);
    }

    @Test
    void jsonAndYamlSayTheSame() throws Exception {
        assertThat(Yaml31.mapper().readTree(get("/openapi.yaml").body())).isEqualTo(document());
    }

    @Test
    void descriptorsAreCompleteAndInOrder() throws Exception {
        var files = new HashMap<String, FileDescriptor>();
        for (var file :
                FileDescriptorSet.parseFrom(get("/descriptors.binpb").body()).getFileList()) {
            var imports =
                    file.getDependencyList().stream()
                            .map(files::get)
                            .toArray(FileDescriptor[]::new);
            assertThat(file.getMessageTypeList())
                    .flatMap(DescriptorProto::getFieldList)
                    .as(file.getName())
                    .allMatch(FieldDescriptorProto::hasJsonName);
            files.put(file.getName(), build(file, imports));
        }
        assertThat(files)
                .containsKeys(
                        "heddle/users/v1/users.proto",
                        "grpc/health/v1/health.proto",
                        "google/rpc/error_details.proto",
                        "heddle/websocket/v1/websocket.proto");
        assertThat(files.get("heddle/users/v1/users.proto"))
                .extracting(users -> users.toProto().getSourceCodeInfo().getLocationCount())
                .isNotEqualTo(0);
    }

    private static FileDescriptor build(FileDescriptorProto file, FileDescriptor[] imports)
            throws DescriptorValidationException {
        return FileDescriptor.buildFrom(file, imports);
    }

    @Test
    void everyFileOfTheIndexIsThere() throws Exception {
        var index = new String(get("/proto/").body(), StandardCharsets.UTF_8);
        assertThat(index.lines())
                .contains("heddle/users/v1/users.proto", "buf/validate/validate.proto")
                .allSatisfy(name -> assertThat(get("/proto/" + name).body()).as(name).isNotEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/proto/../application.yaml",
                "/proto/%2e%2e/application.yaml",
                "/proto/..%2fapplication.yaml",
                "/proto//application.yaml",
                "/proto/application.yaml",
                "/proto/heddle"
            })
    void nothingElseOfTheProgramIsThere(String path) throws Exception {
        assertThat(get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void everyOperationAnswersAsDeclared() throws Exception {
        var document = document();
        for (var path : document.path("paths").properties()) {
            for (var operation : path.getValue().properties()) {
                for (var type : operation.getValue().at("/responses/200/content").properties()) {
                    check(operation.getKey(), path.getKey(), operation.getValue(), type.getKey());
                }
            }
        }
    }

    private void check(String method, String template, JsonNode operation, String type)
            throws IOException, InterruptedException {
        var path = template.replaceAll("\\{[^}]*}", "x");
        var request =
                request(path)
                        .header("accept", type)
                        .header("authorization", "Bearer " + token())
                        .method(method.toUpperCase(Locale.ROOT), body(operation));
        if (operation.has("requestBody")) {
            request.header(
                    "content-type", operation.at("/requestBody/content").fieldNames().next());
        }
        var label = "%s %s as %s".formatted(method, path, type);
        var response = client.send(request.build(), BodyHandlers.ofInputStream());
        // which may be a stream without an end
        try (var body = response.body()) {
            var contentType = response.headers().firstValue("content-type").orElse("");
            if (response.statusCode() == 200) {
                assertThat(contentType).as(label).startsWith(type);
            } else {
                // the sample has no such user, or breaks a rule
                assertThat(response.statusCode()).as(label).isIn(400, 404);
                assertThat(contentType).as(label).isEqualTo("application/json");
                assertThat(Json31.mapper().readTree(body).has("code")).as(label).isTrue();
            }
        }
        var anonymous =
                client.send(
                        request(path)
                                .method(method.toUpperCase(Locale.ROOT), body(operation))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(anonymous.statusCode()).as(label).isEqualTo(401);
        assertThat(operation.path("responses").has("401")).as(label).isTrue();
    }

    private static HttpRequest.BodyPublisher body(JsonNode operation) {
        return operation.has("requestBody")
                ? BodyPublishers.ofString("{}")
                : BodyPublishers.noBody();
    }

    @Test
    void requestIsExplained() throws Exception {
        var response = get("/explain?method=GET&path=/v1/users?pagesize=3");
        assertThat(response.statusCode()).isEqualTo(200);
        var explanation = Json31.mapper().readTree(response.body());
        assertThat(explanation.path("outcome").asText()).isEqualTo("REJECTED");
        assertThat(explanation.path("rule").asText()).isEqualTo("GET /v1/users");
        assertThat(explanation.at("/rejected/0/nearest")).hasToString("[\"page_size\"]");
        assertThat(explanation.at("/nearMisses/0/rule").asText()).isEqualTo("POST /v1/users");
        assertThat(get("/explain").statusCode()).isEqualTo(400);
    }
}
