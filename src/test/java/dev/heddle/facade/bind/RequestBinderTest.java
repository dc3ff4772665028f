package dev.heddle.facade.bind;

import static dev.heddle.facade.bind.Shapes.bind;
import static dev.heddle.facade.bind.Shapes.json;
import static dev.heddle.facade.bind.Shapes.parse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DynamicMessage;
import com.google.protobuf.FieldMask;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import dev.heddle.facade.route.Match;
import dev.heddle.facade.route.RouteTable;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import dev.heddle.testing.v1.Shape;
import dev.heddle.testing.v1.ShapeServiceGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.Status.Code;
import io.grpc.protobuf.ProtoUtils;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestBinderTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                                 | {}",
                "text=a+b%2B%26%3D%C3%A9            | {\"text\":\"a b+&=é\"}",
                "text=a=b                           | {\"text\":\"a=b\"}",
                "text                               | {\"text\":\"\"}",
                "&&text=a&                          | {\"text\":\"a\"}",
                "te%78t=a                           | {\"text\":\"a\"}",
                "flag=true                          | {\"flag\":true}",
                "int32=-2147483648                  | {\"int32\":-2147483648}",
                "int64=9223372036854775807          | {\"int64\":\"9223372036854775807\"}",
                "uint32=4294967295                  | {\"uint32\":4294967295}",
                "uint64=18446744073709551615        | {\"uint64\":\"18446744073709551615\"}",
                "sint32=-1&sint64=-1&fixed32=1&fixed64=1&sfixed32=-1&sfixed64=-1 | {\"sint32\":-1,\"sint64\":-1,\"fixed32\":1,\"fixed64\":1,\"sfixed32\":-1,\"sfixed64\":-1}",
                "float=1.5e3&double=-0.25           | {\"float\":1500,\"double\":-0.25}",
                "float=NaN&double=-Infinity         | {\"float\":\"NaN\",\"double\":\"-Infinity\"}",
                "data=%2B%2F8%3D                    | {\"data\":\"+/8=\"}",
                "data=-_8                           | {\"data\":\"+/8=\"}",
                "color=COLOR_GREEN                  | {\"color\":2}",
                "color=2                            | {\"color\":2}",
                "color=77                           | {\"color\":77}",
                "optionalText=&optional_int32=0     | {\"optionalText\":\"\",\"optionalInt32\":0}",
                "texts=a&texts=&texts=b             | {\"texts\":[\"a\",\"\",\"b\"]}",
                "int64s=1&int64s=2                  | {\"int64s\":[1,2]}",
                "colors=1&colors=COLOR_GREEN        | {\"colors\":[1,2]}",
                "times=2026-01-31T12:00:00Z         | {\"times\":[\"2026-01-31T12:00:00Z\"]}",
                "child.two_words=a                  | {\"child\":{\"twoWords\":\"a\"}}",
                "child.twoWords=a&child.size=1      | {\"child\":{\"twoWords\":\"a\",\"size\":1}}",
                "child.veryOdd=a                    | {\"child\":{\"veryOdd\":\"a\"}}",
                "child.odd=a                        | {\"child\":{\"veryOdd\":\"a\"}}",
                "child.child.child.numbers=1&child.child.child.numbers=2 | {\"child\":{\"child\":{\"child\":{\"numbers\":[1,2]}}}}",
                "labels[a]=1&labels.b=2             | {\"labels\":{\"a\":\"1\",\"b\":\"2\"}}",
                "labels%5Ba.b%5D%5D=1&labels.c.d[e]=2 | {\"labels\":{\"a.b]\":\"1\",\"c.d[e]\":\"2\"}}",
                "labels[]=1                         | {\"labels\":{\"\":\"1\"}}",
                "counts[-3]=9&choices.true=COLOR_RED | {\"counts\":{\"-3\":9},\"choices\":{\"true\":1}}",
                "child.labels[x]=y                  | {\"child\":{\"labels\":{\"x\":\"y\"}}}",
                "named_times[x]=2026-01-31T12:00:00Z | {\"namedTimes\":{\"x\":\"2026-01-31T12:00:00Z\"}}",
                "chosen_int32=0                     | {\"chosenInt32\":0}",
                "chosenChild.name=a&chosen_child.size=2 | {\"chosenChild\":{\"name\":\"a\",\"size\":2}}",
                "time=2026-01-31T12:00:00.5Z        | {\"time\":\"2026-01-31T12:00:00.5Z\"}",
                "time=2026-01-31T12:00:00.000000001%2B02:00 | {\"time\":\"2026-01-31T10:00:00.000000001Z\"}",
                "duration=-1.5s                     | {\"duration\":\"-1.5s\"}",
                "updateMask=text,child.twoWords     | {\"updateMask\":\"text,child.twoWords\"}",
                "update_mask=child.two_words        | {\"updateMask\":\"child.twoWords\"}",
                "update_mask=                       | {\"updateMask\":\"\"}",
                "double_value=1.5&float_value=0&int64_value=0&uint64_value=1 | {\"doubleValue\":1.5,\"floatValue\":0,\"int64Value\":0,\"uint64Value\":1}",
                "int32_value=0&uint32_value=1&bool_value=false&string_value=&bytes_value=AA | {\"int32Value\":0,\"uint32Value\":1,\"boolValue\":false,\"stringValue\":\"\",\"bytesValue\":\"AA==\"}",
                "null_value=NULL_VALUE              | {\"nullValue\":null}",
                "null_value=null                    | {\"nullValue\":null}",
            })
    void queryBecomesRequest(String query, String request) {
        assertThat(bind("GET", "/v1/shapes", query).request()).isEqualTo(parse(request));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "int32=2147483648       | int32 | \"2147483648\" (expected: an int32, -2147483648 to 2147483647)",
                "int32=                 | int32 | \"\" (expected: an int32,",
                "int32=1.0              | int32 | \"1.0\" (expected: an int32,",
                "int32=+1               | int32 | \" 1\" (expected: an int32,",
                "int32=%D9%A1           | int32 | \"١\" (expected: an int32,",
                "uint32=-1              | uint32 | \"-1\" (expected: a uint32, 0 to 4294967295)",
                "int64=9223372036854775808 | int64 | \"9223372036854775808\" (expected: an int64, -9223372036854775808 to 9223372036854775807)",
                "uint64=18446744073709551616 | uint64 | \"18446744073709551616\" (expected: a uint64, 0 to 18446744073709551615)",
                "uint64=99999999999999999999999999 | uint64 | (expected: a uint64,",
                "float=1e39             | float | \"1e39\" (expected: a float, within ±3.4028235e38)",
                "double=1e999           | double | \"1e999\" (expected: a double in its range",
                "double=1d              | double | \"1d\" (expected: a double",
                "double=0x1p3           | double | \"0x1p3\" (expected: a double",
                "double=nan             | double | \"nan\" (expected: a double",
                "flag=1                 | flag | \"1\" (expected: true or false)",
                "data=%3F               | data | \"?\" (expected: base64 or base64url)",
                "color=COLOR_GREN       | color | \"COLOR_GREN\" (expected: a name or a number of heddle.testing.v1.Shape.Color, such as COLOR_GREEN",
                "color=4294967296       | color | (expected: a name or a number",
                "time=2026-02-30T12:00:00Z | time | \"2026-02-30T12:00:00Z\" (expected: an RFC 3339 time",
                "time=2026-01-31        | time | \"2026-01-31\" (expected: an RFC 3339 time",
                "time=0000-01-01T00:00:00Z | time | (expected: an RFC 3339 time",
                "time=0001-01-01T00:00:00%2B01:00 | time | (expected: an RFC 3339 time",
                "duration=1             | duration | \"1\" (expected: seconds within",
                "duration=315576000001s | duration | (expected: seconds within",
                "update_mask=a,,b       | update_mask | \"a,,b\" (expected: paths of fields",
                "update_mask=a%20b      | update_mask | \"a b\" (expected: paths of fields",
                "int32_value=x          | int32_value | \"x\" (expected: an int32,",
                "int64s=1&int64s=x      | int64s | \"x\" (expected: an int64,",
                "counts[x]=1            | counts | \"x\" (expected: an int32,",
                "counts[1]=x            | counts[1] | \"x\" (expected: an int64,",
                "child.numbers=x        | child.numbers | \"x\" (expected: an int32,",
                "text=a&text=b          | text | given more than once (expected: at most once)",
                "optional_text=a&optionalText=b | optional_text | given more than once",
                "counts[1]=1&counts.01=2 | counts[1] | given more than once",
                "chosen_text=a&chosen_int32=1 | chosen_int32 | oneof chosen has another member already (expected: at most one)",
                "chosen_text=a&chosen_child.name=b | chosen_child.name | oneof chosen has another member",
                "child.left=a&child.right=b | child.right | oneof child.either has another member",
                "child=x                | child | (expected: the message's fields one by one, as in child.field=…)",
                "children=x             | children | a heddle.testing.v1.Shape.Child in the query (expected: in a body)",
                "children.name=x        | children.name | (expected: children=…&children=… for its elements)",
                "named_children[a]=x    | named_children[a] | in the query (expected: in a body)",
                "struct=x               | struct | a google.protobuf.Struct in the query (expected: in a body)",
                "any=x                  | any | in the query (expected: in a body)",
                "empty=                 | empty | in the query (expected: in a body)",
                "labels=x               | labels | \"x\" (expected: a key, as in labels[key]=…)",
                "labels[x=1             | labels[x | (expected: a key in brackets",
                "texts[]=1              | texts[] | unknown parameter \"texts[]\" (expected: texts=…&texts=… for its elements)",
                "text.x=1               | text.x | unknown parameter \"text.x\" (expected: text=…)",
                "time.seconds=1         | time.seconds | unknown parameter \"time.seconds\" (expected: time=…)",
                "txet=1                 | txet | unknown parameter \"txet\" (expected: a field of heddle.testing.v1.Shape; nearest: text)",
                "OptionalText=1         | OptionalText | nearest: optional_text)",
                "child.nmae=1           | child.nmae | unknown parameter \"child.nmae\" (expected: a field of heddle.testing.v1.Shape.Child; nearest: child.name)",
                "=1                     | ``   | unknown parameter \"\" (expected: a field of heddle.testing.v1.Shape)",
                ".=1                    | .    | unknown parameter \".\"",
                "$fields=x              | $fields | unknown parameter \"$fields\"",
                "$alt=json&$alt=csv     | $alt | given more than once",
            })
    void badParameterIsRefused(String query, String field, String description) {
        assertThat(violations("GET", "/v1/shapes", query))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.getField()).isEqualTo(field);
                    assertThat(violation.getDescription()).contains(description);
                    assertThat(violation.getReason()).isNotEmpty();
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text=%", "text=%4", "text=%zz", "text=%ff", "%C3=a", "text=é", "a b=c"})
    void brokenEncodingIsInvalid(String query) {
        assertThatThrownBy(() -> bind("GET", "/v1/shapes", query))
                .isInstanceOfSatisfying(
                        RpcException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(Code.INVALID_ARGUMENT);
                            assertThat(e.reason()).contains("MALFORMED_QUERY");
                            assertThat(e.message()).contains(query).contains("(expected: ");
                        });
    }

    @Test
    void allViolationsAreReportedUpToTwenty() {
        assertThat(violations("GET", "/v1/shapes", "int32=x&flag=y&color=z")).hasSize(3);
        assertThat(violations("GET", "/v1/shapes", "x=1&".repeat(1_000))).hasSize(20);
    }

    @Test
    void queryIsBounded() {
        var thousand = "texts=a&".repeat(1_000);
        assertThat(((Shape) bind("GET", "/v1/shapes", thousand).request()).getTextsCount())
                .isEqualTo(1_000);
        assertThatThrownBy(() -> bind("GET", "/v1/shapes", thousand + "texts=a"))
                .hasMessageContaining("more than 1000 parameters (expected: at most that)");

        var deepest = "child.".repeat(31) + "name=a";
        assertThat(bind("GET", "/v1/shapes", deepest).request()).isNotNull();
        assertThat(violations("GET", "/v1/shapes", "child." + deepest))
                .singleElement()
                .satisfies(violation ->
                        assertThat(violation.getDescription()).contains("deeper than 32 fields"));
    }

    @Test
    void lenientMethodPassesOverUnknownParametersOnly() {
        assertThat(bind("GET", "/v1/shapes:lenient", "x=1&child.x=1&text.x=1&text=a").request())
                .isEqualTo(Shape.newBuilder().setText("a").build());
        assertThat(violations("GET", "/v1/shapes:lenient", "x=1&int32=y")).hasSize(1);
    }

    @Test
    void systemParametersAreTheGateways() {
        var binding = bind("GET", "/v1/shapes", "$alt=csv&%24prettyPrint=true&text=a");

        assertThat(binding.systemParameter(SystemParameters.ALT)).contains("csv");
        assertThat(binding.systemParameter(SystemParameters.PRETTY_PRINT)).contains("true");
        assertThat(bind("GET", "/v1/shapes", "").systemParameter(SystemParameters.ALT)).isEmpty();
        assertThat(binding.request()).isEqualTo(Shape.newBuilder().setText("a").build());
    }

    @Test
    void pathBecomesRequest() {
        var path = "/v1/path/a%2Fb/true/-1/-2/3/4/-5/-6/7/8/-9/-10/1.5/-Infinity/-_8/COLOR_RED/n";

        assertThat(bind("GET", path, "child.size=3").request())
                .isEqualTo(
                        parse(
                                """
                                {"text":"a/b","flag":true,"int32":-1,"int64":-2,"uint32":3,"uint64":4,
                                "sint32":-5,"sint64":-6,"fixed32":7,"fixed64":8,"sfixed32":-9,
                                "sfixed64":-10,"float":1.5,"double":"-Infinity","data":"-_8","color":1,
                                "child":{"name":"n","size":3}}\
                                """));
    }

    @Test
    void badPathValuesAreRefused() {
        var path = "/v1/path/t/yes/x/-2/-3/4/-5/-6/7/8/-9/-10/1.5/NaN/-_8/BLUE/n";

        assertThat(violations("GET", path, "child.size=x"))
                .extracting(FieldViolation::getField)
                .containsExactly("flag", "int32", "uint32", "color", "child.size");
    }

    @Test
    void tailIsOneValue() {
        assertThat(bind("GET", "/v1/tail/a/b%2Fc", "").request())
                .isEqualTo(Shape.newBuilder().setText("a/b%2Fc").build());
        assertThat(bind("GET", "/v1/tail", "").request()).isEqualTo(Shape.getDefaultInstance());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST  | /v1/shapes/n         | text=a         | text       | in the body, which is the whole request",
                "POST  | /v1/shapes/n         | child.name=a   | child.name | in the path /v1/shapes/{child.name}",
                "PATCH | /v1/shapes/t/child/n | child.size=1   | child.size | in the body, which is the field child",
                "PATCH | /v1/shapes/t/child/n | text=1         | text       | in the path",
                "PUT   | /v1/shapes/t/chosen  | chosen_int32=1 | chosen_int32 | oneof chosen has another member",
                "PUT   | /v1/shapes/t/int64   | int64=1        | int64      | in the body, which is the field int64",
            })
    void fieldHasOnePlace(
            String method, String path, String query, String field, String description) {
        assertThat(violations(method, path, query))
                .singleElement()
                .satisfies(violation -> {
                    assertThat(violation.getField()).isEqualTo(field);
                    assertThat(violation.getDescription()).contains(description);
                });
    }

    @Test
    void unknownParameterBesidesWholeBodyHasNoSuggestion() {
        assertThat(violations("POST", "/v1/shapes/n", "txet=1").getFirst().getDescription())
                .isEqualTo("unknown parameter \"txet\" (expected: none)");
    }

    @Test
    void bodyIsMergedAndPathCounts() throws IOException {
        assertThat(
                        bind("POST", "/v1/shapes/n", "")
                                .request(
                                        json(
                                                "{\"text\":\"t\",\"child\":{\"name\":\"x\",\"size\":1}}")))
                .isEqualTo(parse("{\"text\":\"t\",\"child\":{\"name\":\"n\",\"size\":1}}"));
        assertThat(
                        bind("PUT", "/v1/shapes/t/children", "int32=3&child.name=c")
                                .request(json("{\"children\":[{\"name\":\"a\"},{}]}")))
                .isEqualTo(
                        parse(
                                "{\"text\":\"t\",\"int32\":3,\"child\":{\"name\":\"c\"},\"children\":[{\"name\":\"a\"},{}]}"));
        assertThat(bind("PUT", "/v1/shapes/t/int64", "").request(json("{\"int64\":7}")))
                .isEqualTo(parse("{\"text\":\"t\",\"int64\":7}"));
        assertThat(
                        bind("PUT", "/v1/shapes/t/chosen", "")
                                .request(json("{\"chosenChild\":{\"name\":\"c\"}}")))
                .isEqualTo(parse("{\"text\":\"t\",\"chosenChild\":{\"name\":\"c\"}}"));
    }

    @Test
    void routeWithoutBodyDoesNotReadIt() throws IOException {
        assertThat(bind("GET", "/v1/shapes", "text=a").request(json("{\"text\":\"b\"}")))
                .isEqualTo(Shape.newBuilder().setText("a").build());
    }

    @Test
    void streamedMessagesShareTheLine() throws IOException {
        var binding = bind("POST", "/v1/shapes/t:collect", "texts=x");

        assertThat(binding.request(json("{\"child\":{\"name\":\"a\"}}")))
                .isEqualTo(parse("{\"text\":\"t\",\"texts\":[\"x\"],\"child\":{\"name\":\"a\"}}"));
        assertThat(binding.request(json("{\"child\":{\"size\":1}}")))
                .isEqualTo(parse("{\"text\":\"t\",\"texts\":[\"x\"],\"child\":{\"size\":1}}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"twoWords\":\"a\",\"size\":1}      | two_words,size",
                "{\"two_words\":\"a\",\"veryOdd\":\"\"} | two_words,odd",
                "{\"size\":null,\"child\":null}       | size,child",
                "{\"name\":\"other\",\"size\":2}      | size",
                "{\"child\":{\"name\":\"b\",\"child\":{\"size\":1}}} | child.name,child.child.size",
                "{\"child\":{}}                       | child",
                "{\"numbers\":[1,2],\"labels\":{\"a\":\"b\"}} | numbers,labels",
                "{\"time\":\"2026-01-31T12:00:00Z\",\"struct\":{\"a\":{\"b\":[1]}}} | time,struct",
                "{}                                   | ``",
            })
    void patchInfersMaskFromBody(String child, String mask) throws IOException {
        var binding = bind("PATCH", "/v1/shapes/t/child/n", "");
        var request = (Shape) binding.request(json("{\"child\":" + child + "}"));

        assertThat(binding.infersFieldMask()).isTrue();
        assertThat(request.hasUpdateMask()).isTrue();
        assertThat(String.join(",", request.getUpdateMask().getPathsList())).isEqualTo(mask);
        assertThat(request.getChild().getName()).isEqualTo("n");
    }

    @Test
    void maskOfTheCallerCounts() throws IOException {
        for (var query : List.of("update_mask=size", "updateMask=")) {
            var binding = bind("PATCH", "/v1/shapes/t/child/n", query);
            var request = (Shape) binding.request(json("{\"child\":{\"twoWords\":\"a\"}}"));

            assertThat(binding.infersFieldMask()).isFalse();
            assertThat(request.getUpdateMask().getPathsList())
                    .isEqualTo(query.endsWith("=") ? List.of() : List.of("size"));
        }
        assertThat(bind("POST", "/v1/shapes/t:collect", "").infersFieldMask()).isFalse();
        assertThat(
                        ((Shape)
                                        bind("POST", "/v1/shapes/t:collect", "")
                                                .request(json("{\"child\":{}}")))
                                .getUpdateMask())
                .isEqualTo(FieldMask.getDefaultInstance());
    }

    @Test
    void lastEventIdFillsResumeField() throws IOException {
        var headers = Headers.builder().add("Last-Event-ID", "41").build();

        assertThat(bind("GET", "/v1/shapes:watch", "", headers).request())
                .isEqualTo(Shape.newBuilder().setInt64(41).build());
        assertThat(bind("GET", "/v1/shapes:watch", "int64=7", headers).request())
                .isEqualTo(Shape.newBuilder().setInt64(41).build());
        assertThat(bind("POST", "/v1/shapes:watch", "", headers).request(json("{}")))
                .isEqualTo(Shape.newBuilder().setInt64(41).build());
        assertThat(bind("POST", "/v1/shapes:watch", "", headers).request(json("{\"int64\":7}")))
                .isEqualTo(Shape.newBuilder().setInt64(41).build());
        assertThat(bind("GET", "/v1/shapes", "", headers).request())
                .isEqualTo(Shape.getDefaultInstance());
        var empty = Headers.builder().add("last-event-id", "").build();
        assertThat(bind("GET", "/v1/shapes:watch", "", empty).request())
                .isEqualTo(Shape.getDefaultInstance());
    }

    @Test
    void badLastEventIdIsRefused() {
        var headers = Headers.builder().add("Last-Event-ID", "x").build();

        assertThatThrownBy(() -> bind("GET", "/v1/shapes:watch", "", headers))
                .isInstanceOf(RpcException.class)
                .hasMessageContaining("int64: \"x\" (expected: an int64");
    }

    @Test
    void dynamicMessagesAreBoundAlike() throws IOException {
        var generated = ShapeServiceGrpc.getChildMethod();
        var marshaller =
                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(Shape.getDescriptor()));
        var dynamic =
                MethodDescriptor.newBuilder(marshaller, marshaller)
                        .setFullMethodName(generated.getFullMethodName())
                        .setType(generated.getType())
                        .setSchemaDescriptor(generated.getSchemaDescriptor())
                        .build();
        var table = RouteTable.of(Rpcs.builder().unary(dynamic, (q, _) -> q).build());
        var path = "/v1/shapes/t/child/n";
        var query =
                "time=2026-01-31T12:00:00Z&labels[a]=b&chosen_child.name=x&chosen_child.time=2026-01-31T12:00:00Z&bool_value=true&named_times[x]=2026-01-31T12:00:00Z&color=2&texts=y";
        var body = "{\"child\":{\"size\":7}}";

        var bound =
                RequestBinder.bind((Match.Found) table.match("PATCH", path), query, Headers.empty())
                        .request(json(body));

        assertThat(bound).isInstanceOf(DynamicMessage.class);
        assertThat(Shape.parseFrom(bound.toByteString()))
                .isEqualTo(bind("PATCH", path, query).request(json(body)));
    }

    private static List<FieldViolation> violations(String method, String path, String query) {
        try {
            bind(method, path, query);
        } catch (RpcException e) {
            assertThat(e.code()).isEqualTo(Code.INVALID_ARGUMENT);
            return e.detail(BadRequest.class).orElseThrow().getFieldViolationsList();
        }
        throw new AssertionError("bound: " + query);
    }
}
