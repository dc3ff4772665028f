package dev.heddle.facade.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import dev.heddle.facade.route.RouteTable;
import dev.heddle.rpc.Rpcs;
import dev.heddle.testing.v1.RuleServiceGrpc;
import dev.heddle.testing.v1.ShapeServiceGrpc;
import dev.heddle.testing.v1.Thing;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.info.Info;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OpenApiTest {
    private static final String THING = "/components/schemas/heddle.testing.v1.Thing/properties/";
    private static final String SHAPE = "/components/schemas/heddle.testing.v1.Shape/properties/";
    private static final JsonNode DOCUMENT = document();

    private static JsonNode document() {
        var rpcs =
                Rpcs.builder()
                        .unary(
                                RuleServiceGrpc.getUpdateThingMethod(),
                                (_, _) -> Thing.getDefaultInstance())
                        .serverStreaming(RuleServiceGrpc.getFindThingsMethod(), (_, _, _) -> {})
                        .unary(ShapeServiceGrpc.getQueryMethod(), (shape, _) -> shape)
                        .unary(ShapeServiceGrpc.getTailMethod(), (shape, _) -> shape)
                        .unary(ShapeServiceGrpc.getChildrenMethod(), (shape, _) -> shape)
                        .unary(ShapeServiceGrpc.getCustomMethod(), (shape, _) -> shape)
                        .serverStreaming(ShapeServiceGrpc.getWatchMethod(), (_, _, _) -> {})
                        .unary(ShapeServiceGrpc.getContentMethod(), (body, _) -> body)
                        .build();
        var comments = Comments.of(Contracts.of(rpcs, compiled()));
        var info = new Info().title("Test").version("1").description("A test.");
        var openApi = OpenApi.of(RouteTable.of(rpcs), comments, info);
        try {
            return Json31.mapper().readTree(Json31.pretty(openApi));
        } catch (IOException e) {
            throw new IllegalStateException("what was written can be read", e);
        }
    }

    private static FileDescriptorSet compiled() {
        try (var in = OpenApiTest.class.getResourceAsStream("/dev/heddle/test-descriptors.binpb")) {
            return FileDescriptorSet.parseFrom(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new IllegalStateException("a resource of the build can be read", e);
        }
    }

    private static JsonNode operation(String path, String method) {
        return DOCUMENT.path("paths").path(path).path(method);
    }

    private static JsonNode parameter(JsonNode operation, String name) {
        return StreamSupport.stream(operation.path("parameters").spliterator(), false)
                .filter(parameter -> parameter.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " in " + operation));
    }

    private static List<String> names(JsonNode operation) {
        return operation.path("parameters").findValuesAsText("name");
    }

    private static List<String> keys(JsonNode object) {
        return object.properties().stream().map(entry -> entry.getKey()).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "code|{'type':'string','description':'Text.','maxLength':5,'minLength':2,'pattern':'^[a-z]+$'}",
                "uid|{'type':'string','format':'uuid','description':'An id.'}",
                "link|{'type':'string','format':'uri','description':'An address.'}",
                "either|{'type':'string','description':'One of two.','enum':['a','b']}",
                "constant|{'type':'string','const':'c','description':'Always the same.'}",
                "size|{'type':'integer','format':'int32','description':'A number.','exclusiveMinimum':0,'maximum':9}",
                "total|{'type':'string','format':'int64','description':'A large number.\\n\\nAllowed: at least 1, less than 100.','pattern':'^-?[0-9]{1,19}$'}",
                "share|{'type':'number','format':'double','description':'A part.','minimum':0.0,'maximum':1.0}",
                "data|{'type':'string','contentEncoding':'base64','description':'Some data.','maxLength':16}",
                "tags|{'type':'array','description':'Some texts.','items':{'type':'string','maxLength':4},'minItems':1,'maxItems':3,'uniqueItems':true}",
                "counts|{'type':'object','description':'Some numbers.','maxProperties':2,'propertyNames':{'type':'string','minLength':1},'additionalProperties':{'type':'integer','format':'int32','minimum':0}}",
                "kind|{'$ref':'#/components/schemas/heddle.testing.v1.Thing.Kind','description':'A kind.'}",
                "narrow|{'type':'string','description':'Not all kinds.','enum':['KIND_LARGE','KIND_SMALL']}",
                "age|{'type':'string','description':'How long.\\n\\nAllowed: at most 60s.','pattern':'^-?[0-9]{1,12}(\\\\.[0-9]{1,9})?s$'}",
                "secret|{'type':'string','description':'A secret.','writeOnly':true}",
                "made|{'type':'string','description':'Set by the server.','readOnly':true}",
                "old|{'type':'string','deprecated':true,'description':'No longer of use.'}",
                "free|{'type':'string','description':'Not judged.'}"
            })
    void ruleBecomesBound(String field, String schema) throws IOException {
        assertThat(DOCUMENT.at(THING + field))
                .isEqualTo(Json31.mapper().readTree(schema.replace('\'', '"')));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "int64|{'type':'string','format':'int64','description':'int64','pattern':'^-?[0-9]{1,19}$'}",
                "uint32|{'type':'integer','format':'int64','description':'uint32','minimum':0,'maximum':4294967295}",
                "double|{'anyOf':[{'type':'number','format':'double'},{'type':'string','enum':['NaN','Infinity','-Infinity']}],'description':'double'}",
                "time|{'type':'string','format':'date-time','description':'Timestamp'}",
                "int64Value|{'type':'string','format':'int64','description':'Int64Value','pattern':'^-?[0-9]{1,19}$'}",
                "boolValue|{'type':'boolean','description':'BoolValue'}",
                "struct|{'type':'object','description':'Struct'}",
                "value|{'description':'Value'}",
                "list|{'type':'array','description':'ListValue','items':{}}",
                "any|{'$ref':'#/components/schemas/google.protobuf.Any','description':'Any'}",
                "empty|{'type':'object','description':'Empty'}",
                "nullValue|{'type':'null','description':'NullValue'}",
                "int64s|{'type':'array','description':'repeated int64','items':{'type':'string','format':'int64','pattern':'^-?[0-9]{1,19}$'}}",
                "counts|{'type':'object','description':'map with numbers as keys','propertyNames':{'type':'string','pattern':'^-?[0-9]+$'},'additionalProperties':{'type':'string','format':'int64','pattern':'^-?[0-9]{1,19}$'}}"
            })
    void schemaIsWhatTheCodecWrites(String field, String schema) throws IOException {
        assertThat(DOCUMENT.at(SHAPE + field))
                .isEqualTo(Json31.mapper().readTree(schema.replace('\'', '"')));
    }

    @Test
    void jsonNamesCount() {
        assertThat(
                        keys(
                                DOCUMENT.at(
                                        "/components/schemas/heddle.testing.v1.Shape.Child/properties")))
                .contains("twoWords", "veryOdd");
    }

    @Test
    void messageSaysWhatItNeedsAndWhatItCannotHave() {
        var thing = DOCUMENT.at("/components/schemas/heddle.testing.v1.Thing");
        assertThat(thing.path("required")).hasToString("[\"name\"]");
        assertThat(thing.path("not"))
                .hasToString(
                        "{\"properties\":{\"radius\":{},\"side\":{}},\"required\":[\"radius\",\"side\"]}");
        assertThat(thing.path("allOf"))
                .hasToString(
                        "[{\"anyOf\":[{\"properties\":{\"radius\":{}},\"required\":[\"radius\"]},{\"properties\":{\"side\":{}},\"required\":[\"side\"]}]}]");
        assertThat(thing.path("description").asText()).isEqualTo("A thing.");
    }

    @Test
    void enumListsItsValuesWithTheirComments() {
        var kind = DOCUMENT.at("/components/schemas/heddle.testing.v1.Thing.Kind");
        assertThat(kind.path("enum"))
                .hasToString("[\"KIND_UNSPECIFIED\",\"KIND_LARGE\",\"KIND_SMALL\"]");
        assertThat(kind.path("description").asText())
                .startsWith("Kinds of things.\n\n- `KIND_UNSPECIFIED`: None.\n");
    }

    @Test
    void commentsDescribeOperationsAndTags() {
        var update = operation("/v1/shelves/{thing_name_1}/things/{thing_name_2}", "patch");
        assertThat(update.path("operationId").asText()).isEqualTo("RuleService_UpdateThing");
        assertThat(update.path("summary").asText()).isEqualTo("Changes a thing");
        assertThat(update.path("description").asText())
                .isEqualTo(
                        "Changes a thing. Some of it, that is.\n\n\nThe rest stays.\n\nScope: `things.write`.");
        assertThat(DOCUMENT.at("/tags/0"))
                .hasToString("{\"name\":\"RuleService\",\"description\":\"Things\\nwith rules.\"}");
        assertThat(operation("/v1/things", "get").path("deprecated").asBoolean()).isTrue();
    }

    @Test
    void policyBecomesSecurity() {
        assertThat(operation("/v1/shapes", "get").path("security"))
                .hasToString("[{\"bearer\":[]}]");
        assertThat(keys(operation("/v1/shapes", "get").path("responses")))
                .containsExactly("200", "400", "401", "default");
        assertThat(operation("/v1/things", "get").path("security")).hasToString("[]");
    }

    @Test
    void patchTakesAPartOfAMessageWithoutWhatThePathHas() {
        var body =
                operation("/v1/shelves/{thing_name_1}/things/{thing_name_2}", "patch")
                        .at("/requestBody/content/application~1json/schema");
        assertThat(keys(body.path("properties"))).contains("code").doesNotContain("name");
        assertThat(body.has("required")).isFalse();
        assertThat(body.has("allOf")).isFalse();
    }

    @Test
    void additionalBindingIsAnOperationOfItsOwn() {
        var update = operation("/v1/things/{thing_name}:update", "post");
        assertThat(update.path("operationId").asText()).isEqualTo("RuleService_UpdateThing_2");
        var thing = update.at("/requestBody/content/application~1json/schema/properties/thing");
        assertThat(keys(thing.path("properties"))).contains("code").doesNotContain("name");
    }

    @Test
    void unboundFieldsAreQueryParameters() {
        var find = operation("/v1/things", "get");
        assertThat(names(find)).containsExactly("lookFor", "sizes", "labels");
        assertThat(parameter(find, "lookFor").path("required").asBoolean()).isTrue();
        assertThat(parameter(find, "sizes").at("/schema/items/exclusiveMinimum").asInt()).isZero();
        assertThat(parameter(find, "labels").path("style").asText()).isEqualTo("deepObject");

        var query = names(operation("/v1/shapes", "get"));
        assertThat(query)
                .contains(
                        "text", "child.twoWords", "child.labels", "time", "namedTimes", "boolValue")
                .doesNotContain("children", "struct", "any", "namedChildren", "child.child.name");
    }

    @Test
    void restOfAPathIsOneParameter() {
        assertThat(parameter(operation("/v1/tail/{text}:verb", "get"), "text").path("description"))
                .asString()
                .contains("Any number of segments");
    }

    @Test
    void responseBodyIsTheFieldAlone() {
        var children = operation("/v1/shapes/{text}/children", "put");
        assertThat(children.at("/responses/200/content/application~1json/schema/type").asText())
                .isEqualTo("array");
        assertThat(children.at("/requestBody/content/application~1json/schema/items/$ref").asText())
                .isEqualTo("#/components/schemas/heddle.testing.v1.Shape.Child");
    }

    @Test
    void methodsThatOpenApiHasNoPlaceForStandBeside() {
        var custom = DOCUMENT.path("paths").path("/v1/custom/{text}");
        assertThat(custom.at("/x-additionalOperations/REPORT/operationId").asText())
                .isEqualTo("ShapeService_Custom");
        assertThat(keys(DOCUMENT.path("paths").path("/v1/any/{text}")))
                .containsExactlyInAnyOrder("get", "put", "post", "delete", "patch");
        assertThat(keys(DOCUMENT.path("paths").path("/v1/shapes/{text}/head")))
                .containsExactly("head");
    }

    @Test
    void streamHasAllItsMediaTypes() {
        var watch = operation("/v1/shapes:watch", "get");
        var content = watch.at("/responses/200/content");
        assertThat(keys(content))
                .containsExactly(
                        "application/x-ndjson",
                        "application/json",
                        "text/event-stream",
                        "text/csv",
                        "application/ndjson",
                        "application/jsonl");
        assertThat(content.at("/application~1json/schema/items/$ref").asText())
                .isEqualTo("#/components/schemas/heddle.testing.v1.Shape");
        assertThat(content.at("/application~1x-ndjson/x-itemSchema/anyOf/0/$ref").asText())
                .isEqualTo("#/components/schemas/heddle.testing.v1.Shape");
        assertThat(parameter(watch, "Last-Event-ID").path("in").asText()).isEqualTo("header");
    }

    @Test
    void arbitraryContentHasNoSchema() {
        var content = operation("/v1/content", "post");
        assertThat(content.at("/requestBody/content")).hasToString("{\"*/*\":{}}");
        assertThat(content.at("/responses/200/content")).hasToString("{\"*/*\":{}}");
    }
}
