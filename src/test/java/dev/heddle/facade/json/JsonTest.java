package dev.heddle.facade.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Int64Value;
import com.google.protobuf.Message;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.UInt64Value;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import dev.heddle.facade.json.Json.Options;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import dev.heddle.testing.v1.Shape;
import io.grpc.Status.Code;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static final Options NUMBERS = new Options(true, false);

    private final Json json = Json.of(Rpcs.builder().build(), Shape.getDefaultInstance());

    @ParameterizedTest
    @ValueSource(
            strings = {
                """
                {"text":"é😀\\u0041","flag":true,"int32":-1,"int64":"9007199254740993","uint32":4294967295,
                 "uint64":"18446744073709551615","sint32":1,"sint64":2,"fixed32":3,"fixed64":4,"sfixed32":5,
                 "sfixed64":6,"float":1.5,"double":1e300,"data":"AQID","color":"COLOR_RED"}
                """,
                """
                {"optional_text":"","optionalInt32":0,"texts":["a",""],"int64s":["1",2],"doubles":["NaN",1e-7,"Infinity"],
                 "colors":["COLOR_GREEN",0],"datas":["_-8="],"children":[{"name":"x"},{}],"times":["2026-01-31T12:00:00.5Z"]}
                """,
                """
                {"labels":{"a":"b"},"counts":{"-1":"2"},"choices":{"true":"COLOR_RED"},"namedChildren":{"k":{"size":1}},
                 "namedTimes":{"t":"1970-01-01T00:00:00Z"},"chosenChild":{"twoWords":"w","child":{"child":{}}}}
                """,
                """
                {"time":"2026-01-31T12:00:00.000001Z","duration":"-1.5s","updateMask":"a,b.cD","doubleValue":0,
                 "floatValue":1,"int64Value":"0","uint64Value":5,"int32Value":1,"uint32Value":2,"boolValue":false,
                 "stringValue":"","bytesValue":"AA=="}
                """,
                """
                {"struct":{"a":[1,null,true,{"b":"c"}]},"value":null,"list":[1,"2"],"empty":{},"nullValue":null,
                 "any":{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"R"}}
                """,
                "{\"int32\":1.0,\"int64\":\"1e3\",\"uint32\":\"7\",\"text\":null,\"child\":null}",
                " {} "
            })
    void readsAndWritesWhatTheReferenceImplementationDoes(String text) throws IOException {
        var registry = TypeRegistry.newBuilder().add(ErrorInfo.getDescriptor()).build();
        var expected = Shape.newBuilder();
        JsonFormat.parser().usingTypeRegistry(registry).merge(text, expected);

        var read = read(text);
        assertThat(read).isEqualTo(expected.build());

        var rewritten = Shape.newBuilder();
        JsonFormat.parser()
                .usingTypeRegistry(registry)
                .merge(write(read, Options.STANDARD), rewritten);
        assertThat(rewritten.build()).isEqualTo(expected.build());
        assertThat(read(write(read, NUMBERS))).isEqualTo(expected.build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"textt\":1}|textt: no such field (nearest: text, texts)",
                "{\"child\":{\"nam\":1}}|child.nam: no such field (nearest: name)",
                "{\"int32\":\"x\"}|int32: \"x\" (expected: a 32-bit integer)",
                "{\"int32\":2147483648}|int32: 2147483648 (expected: a 32-bit integer)",
                "{\"int64\":\"abc\"}|int64: \"abc\" (expected: a 64-bit integer)",
                "{\"int64\":1.5}|int64: 1.5 (expected: a 64-bit integer)",
                "{\"uint32\":-1}|uint32: -1 (expected: an unsigned 32-bit integer)",
                "{\"uint32\":1e999999999}|uint32: 1e999999999 (expected: an unsigned 32-bit integer)",
                "{\"uint64\":\"1e999999999\"}|uint64: \"1e999999999\" (expected: an unsigned 64-bit integer)",
                "{\"text\":5}|text: 5 (expected: a string of Unicode characters)",
                "{\"text\":\"\\ud800\"}|text: \"?\" (expected: a string of Unicode characters)",
                "{\"flag\":1}|flag: 1 (expected: true or false)",
                "{\"data\":\"!\"}|data: \"!\" (expected: base64 in a string)",
                "{\"color\":\"BLUE\"}|color: \"BLUE\" (expected: one of COLOR_UNSPECIFIED, COLOR_RED, COLOR_GREEN)",
                "{\"color\":true}|color: true (expected: one of COLOR_UNSPECIFIED, COLOR_RED, COLOR_GREEN)",
                "{\"child\":[]}|child: an array (expected: an object)",
                "{\"child\":{\"child\":{\"size\":{}}}}|child.child.size: an object (expected: a 32-bit integer)",
                "{\"children\":[{},{\"numbers\":[1,\"a\"]}]}|children[1].numbers[1]: \"a\" (expected: a 32-bit integer)",
                "{\"children\":{}}|children: an object (expected: an array)",
                "{\"texts\":[null]}|texts[0]: null (expected: a string of Unicode characters)",
                "{\"namedChildren\":{\"k\":{\"size\":\"a\"}}}|named_children[\"k\"].size: \"a\" (expected: a 32-bit integer)",
                "{\"labels\":[]}|labels: an array (expected: an object)",
                "{\"time\":\"now\"}|time: \"now\" (expected: a time such as \"2026-01-31T12:00:00Z\")",
                "{\"duration\":\"1\"}|duration: \"1\" (expected: seconds such as \"1.5s\")",
                "{\"int64Value\":{}}|int64_value: an object (expected: a 64-bit integer)",
                "{\"text\":\"a\",\"text\":\"b\"}|text: given twice (expected: once)",
                "{\"optionalText\":\"a\",\"optional_text\":\"b\"}|optional_text: given twice (expected: once)",
                "{\"labels\":{\"a\":\"1\",\"a\":\"2\"}}|labels[\"a\"]: given twice (expected: once)",
                "{\"chosenText\":\"a\",\"chosenInt32\":1}|chosen_int32: another field of the same oneof is set (expected: one of them)",
                "{\"any\":{\"@type\":\"x/unknown.Type\"}}|any.@type: \"x/unknown.Type\" (expected: the URL of a type that is known here)",
                "{\"any\":{\"reason\":\"R\"}}|any: no \"@type\" (expected: the URL of a type that is known here)",
                "{\"any\":{\"@type\":\"x/google.rpc.ErrorInfo\",\"reason\":1}}|any.reason: 1 (expected: a string of Unicode characters)",
                "{\"any\":{\"reason\":1,\"@type\":\"x/google.rpc.ErrorInfo\"}}|any.reason: 1 (expected: a string of Unicode characters)",
                "{\"any\":{\"@type\":\"x/google.rpc.ErrorInfo\",\"@type\":\"x/google.rpc.ErrorInfo\"}}|any.@type: no such field",
                "{\"any\":{\"reason\":\"R\",\"reason\":\"S\",\"@type\":\"x/google.rpc.ErrorInfo\"}}|any.reason: given twice (expected: once)",
                "{\"any\":{\"@type\":\"x/google.protobuf.Duration\"}}|any: no \"value\" (expected: what Duration is in JSON)",
                "{\"any\":{\"@type\":\"x/google.protobuf.Duration\",\"value\":1}}|any.value: 1 (expected: seconds such as \"1.5s\")",
                "{\"any\":{\"value\":1,\"@type\":\"x/google.protobuf.Duration\"}}|any.value: 1 (expected: seconds such as \"1.5s\")",
                "{\"counts\":{\"a\":1}}|counts[\"a\"]: \"a\" (expected: a 32-bit integer as the key)",
                "{\"choices\":{\"1\":0}}|choices[\"1\"]: \"1\" (expected: true or false as the key)",
                "{\"int32\":\"01\"}|int32: \"01\" (expected: a 32-bit integer)",
                "{\"int32\":\" 1\"}|int32: \" 1\" (expected: a 32-bit integer)",
                "{\"float\":1e39}|float: 1e39 (expected: a 32-bit floating-point number)",
                "{\"double\":\"0x1p3\"}|double: \"0x1p3\" (expected: a 64-bit floating-point number)",
                "{\"time\":\"2026-02-29T00:00:00Z\"}|time: \"2026-02-29T00:00:00Z\" (expected: a time such as \"2026-01-31T12:00:00Z\")",
                "{\"updateMask\":\"a_b\"}|update_mask: \"a_b\" (expected: names of fields in a string, such as \"a,b.c\")",
                "{\"struct\":{\"a\":1,\"a\":2}}|struct.a: given twice (expected: once)",
                "[]|an array (expected: an object)",
                "5|5 (expected: an object)",
                "{\"text\":|malformed JSON at line 1, column 9: it ends too early",
                "{\"text\" \"a\"}|malformed JSON at line 1, column 10: unexpected character ('\"' (code 34))",
                "{'text':1}|malformed JSON at line 1, column 3: unexpected character (''' (code 39))",
                "{} {}|malformed JSON: more than one value, the second at line 1, column 4",
                "{\"double\":NaN}|malformed JSON at line 1, column 14: not JSON",
                "/**/{}|malformed JSON at line 1, column 2: unexpected character ('/' (code 47))",
            })
    void saysWhereAndWhyATextDoesNotFit(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOfSatisfying(
                        RpcException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.INVALID_ARGUMENT))
                .hasMessage(message.replace("\"?\"", "\"\ud800\""));
    }

    @Test
    void refusesDeepNestingBeforeItHurts() {
        var depth = 100_000;
        var texts =
                new String[] {
                    "{\"child\":".repeat(depth),
                    "{\"list\":" + "[".repeat(depth),
                    "{\"struct\":" + "{\"a\":".repeat(depth)
                };
        for (var text : texts) {
            assertThatThrownBy(() -> read(text))
                    .isInstanceOf(RpcException.class)
                    .hasMessageEndingWith("nested more than 100 levels deep");
        }
    }

    @Test
    void refusesATypeWhoseNameIsNoText() {
        for (var text :
                new String[] {
                    "{\"any\":{\"@type\":\"\\ud800/google.protobuf.Duration\",\"value\":\"1s\"}}",
                    "{\"any\":{\"value\":\"1s\",\"@type\":\"\\udc00/google.protobuf.Duration\"}}"
                }) {
            assertThatThrownBy(() -> read(text))
                    .isInstanceOf(RpcException.class)
                    .hasMessageContaining("the URL of a type");
        }
    }

    /// Protobuf keeps what has a known number and another type as an unknown field.
    @Test
    void writesAValueWithoutWhatIsUnknownInIt() throws IOException {
        var strange =
                Value.parseFrom(
                        UnknownFieldSet.newBuilder()
                                .addField(
                                        Value.NUMBER_VALUE_FIELD_NUMBER,
                                        UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                                .build()
                                .toByteString());
        var shape = Shape.newBuilder().setValue(strange).build();

        assertThat(new String(json.toBytes(shape, Options.STANDARD), StandardCharsets.UTF_8))
                .isEqualTo("{\"value\":null}");
    }

    @Test
    void refusesWhatIsNotUtf8() {
        var latin1 = "{\"text\":\"é\"}".getBytes(StandardCharsets.ISO_8859_1);
        var utf16 = "{}".getBytes(StandardCharsets.UTF_16);
        for (var text : new byte[][] {latin1, utf16}) {
            assertThatThrownBy(() -> json.merge(text, Shape.newBuilder()))
                    .hasMessage("malformed JSON: not UTF-8");
        }
    }

    @Test
    void writes64BitIntegersAsNumbersOnRequest() {
        var shape =
                Shape.newBuilder()
                        .setText("1")
                        .setInt64(1)
                        .setUint64(-1)
                        .addInt64S(2)
                        .putCounts(3, 4)
                        .setInt64Value(Int64Value.of(5))
                        .setUint64Value(UInt64Value.of(6))
                        .putLabels("a", "7")
                        .setAny(Any.pack(RetryInfo.getDefaultInstance()))
                        .build();

        assertThat(write(shape, NUMBERS))
                .isEqualTo(
                        """
                        {"text":"1","int64":1,"uint64":18446744073709551615,"int64s":[2],"labels":{"a":"7"},\
                        "counts":{"3":4},"int64Value":5,"uint64Value":6,\
                        "any":{"@type":"type.googleapis.com/google.rpc.RetryInfo"}}\
                        """);
        assertThat(write(Int64Value.of(8), NUMBERS)).isEqualTo("8");
        assertThat(write(Int64Value.of(8), Options.STANDARD)).isEqualTo("\"8\"");
    }

    @Test
    void writesNumbersAsShortAsTheyAre() throws IOException {
        var text =
                "{\"float\":0.1,\"double\":-0.0,\"doubles\":[3,-2.5,1.0E7,1.0E100,0],\"struct\":{\"a\":1}}";

        assertThat(write(read(text), Options.STANDARD))
                .isEqualTo(text.replace("1.0E7", "10000000"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"any\":{\"reason\":\"R\",\"metadata\":{\"a\":\"b\"},\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\",\"domain\":\"d\"}}",
                "{\"any\":{\"value\":\"1.5s\",\"@type\":\"type.googleapis.com/google.protobuf.Duration\"}}",
                "{\"any\":{\"value\":{\"text\":\"é\\u0000\",\"double\":1e-300,\"int64\":9007199254740993,\"flag\":true,\"value\":null,\"@type\":\"x/heddle.testing.v1.Shape\"},\"@type\":\"x/google.protobuf.Any\"}}",
                "{\"any\":{}}"
            })
    void readsAnAnyWhoseTypeComesLast(String text) throws IOException {
        var expected = Shape.newBuilder();
        JsonFormat.parser()
                .usingTypeRegistry(
                        TypeRegistry.newBuilder()
                                .add(ErrorInfo.getDescriptor())
                                .add(Duration.getDescriptor())
                                .add(Shape.getDescriptor())
                                .build())
                .merge(text, expected);

        assertThat(read(text)).isEqualTo(expected.build());
    }

    @Test
    void boundsWhatIsCopiedForTheSakeOfATypeThatComesLast() {
        var depth = 5;
        var text =
                "{\"any\":"
                        + "{\"value\":".repeat(depth)
                        + "{}"
                        + ",\"@type\":\"x/google.protobuf.Any\"}".repeat(depth)
                        + "}";

        assertThatThrownBy(() -> read(text))
                .hasMessageStartingWith("any.value.value.value.value: the 5th google.protobuf.Any");
    }

    @Test
    void passesOverWhatIsUnknownOnRequest() {
        var text =
                """
                {"textt":[{"a":[]}],"color":"COLOR_BLUE","colors":["COLOR_BLUE","COLOR_RED"],\
                "choices":{"true":"COLOR_BLUE","false":"COLOR_RED"},"child":{"nam":1,"size":2}}\
                """;
        var read = Shape.newBuilder();
        json.ignoringUnknown().merge(text.getBytes(StandardCharsets.UTF_8), read);

        assertThat(read.build())
                .isEqualTo(
                        Shape.newBuilder()
                                .addColors(Shape.Color.COLOR_RED)
                                .putChoices(false, Shape.Color.COLOR_RED)
                                .setChild(Shape.Child.newBuilder().setSize(2))
                                .build());
    }

    @Test
    void writesAnAnyThatHoldsNothing() {
        var shape = Shape.newBuilder().setAny(Any.getDefaultInstance()).setText("a").build();

        assertThat(write(shape, Options.STANDARD)).isEqualTo("{\"text\":\"a\",\"any\":{}}");
    }

    @Test
    void writesAStatusWhateverItsDetails() {
        var unknown =
                Any.newBuilder()
                        .setTypeUrl("type.googleapis.com/not.known.Here")
                        .setValue(ByteString.copyFromUtf8("abc"))
                        .build();
        var info = Any.pack(ErrorInfo.newBuilder().setReason("R").build());
        var status = Status.newBuilder().setCode(5).addDetails(info).addDetails(unknown).build();

        assertThat(new String(json.toBytes(status), StandardCharsets.UTF_8))
                .isEqualTo(
                        """
                        {"code":5,"message":"","details":[\
                        {"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"R"},\
                        {"@type":"type.googleapis.com/not.known.Here","value":"YWJj"}]}\
                        """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "children|[{\"name\":\"a\"},{}]",
                "labels|{\"a\":\"b\"}",
                "int64|\"5\"",
                "color|\"COLOR_RED\"",
                "child|{\"size\":1}",
                "text|\"x\"",
                "texts|[]",
                "counts|{}",
                "flag|false",
                "double|0",
                "int64|\"0\"",
                "time|\"2026-01-31T12:00:00Z\""
            })
    void readsAndWritesSingleFields(String name, String text) throws IOException {
        var field = Shape.getDescriptor().findFieldByName(name);
        var shape = Shape.newBuilder();
        try (var input = open(text)) {
            input.merge(shape, field);
            input.end();
        }

        var written = json.toBytes(shape.build(), field, Options.STANDARD);
        assertThat(new String(written, StandardCharsets.UTF_8)).isEqualTo(text);
    }

    @Test
    void keepsFurtherMembersOutOfASingleField() throws IOException {
        var shape = Shape.newBuilder();
        try (var input = open("\"1\", \"text\": \"smuggled\"")) {
            input.merge(shape, Shape.getDescriptor().findFieldByName("int64"));
            assertThatThrownBy(input::end).hasMessageStartingWith("malformed JSON");
        }
        assertThat(shape.build()).isEqualTo(Shape.newBuilder().setInt64(1).build());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"text\":\"a\"}\n{\"text\":\"b\"}\n\n{\"text\":\"c\"}",
                "[{\"text\":\"a\"},{\"text\":\"b\"},\n{\"text\":\"c\"}]"
            })
    void readsManyMessagesAsLinesOrAsAnArray(String text) throws IOException {
        var texts = new ArrayList<String>();
        try (var input = open(text)) {
            while (input.next()) {
                var shape = Shape.newBuilder();
                input.merge(shape);
                texts.add(shape.getText());
            }
        }
        assertThat(texts).containsExactly("a", "b", "c");
    }

    @Test
    void namesTheElementOfAnArrayThatDoesNotFit() throws IOException {
        try (var input = open("[{},{\"texts\":[1]}]")) {
            assertThat(input.next()).isTrue();
            input.merge(Shape.newBuilder());
            assertThat(input.next()).isTrue();
            assertThatThrownBy(() -> input.merge(Shape.newBuilder()))
                    .hasMessageStartingWith("[1].texts[0]: 1 (expected");
        }
    }

    @Test
    void letsFailuresOfTheStreamThrough() {
        var cut = new SequenceInputStream(new ByteArrayInputStream(new byte[] {'{'}), new Cut());

        assertThatThrownBy(() -> json.merge(cut, Shape.newBuilder()))
                .isInstanceOf(IOException.class)
                .hasMessage("cut");
    }

    @Test
    void readsAndWritesMessagesWithoutAClass() throws IOException {
        var text =
                """
                {"text":"a","child":{"size":1},"int64s":["1","2"],"labels":{"":"","k":"v"},\
                "time":"2026-01-31T12:00:00Z","uint64Value":"0","struct":{"a":[null,{}]}}\
                """;
        var read = DynamicMessage.newBuilder(Shape.getDescriptor());
        json.merge(text.getBytes(StandardCharsets.UTF_8), read);

        assertThat(write(read.build(), Options.STANDARD)).isEqualTo(text);
        assertThat(Shape.parseFrom(read.build().toByteString())).isEqualTo(read(text));
    }

    @Test
    void writesAKeyThatAMessageWithoutAClassHasTwiceOnce() throws IOException {
        var first = Shape.newBuilder().putLabels("a", "1").putLabels("b", "2").build();
        var second = Shape.newBuilder().putLabels("a", "3").build();
        var both =
                DynamicMessage.newBuilder(Shape.getDescriptor())
                        .mergeFrom(first.toByteString())
                        .mergeFrom(second.toByteString())
                        .build();

        assertThat(write(both, Options.STANDARD))
                .isEqualTo("{\"labels\":{\"a\":\"3\",\"b\":\"2\"}}");
    }

    private Shape read(String text) throws IOException {
        var builder = Shape.newBuilder();
        json.merge(text.getBytes(StandardCharsets.UTF_8), builder);
        return builder.build();
    }

    private JsonInput open(String text) throws IOException {
        return json.open(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private String write(Message message, Options options) {
        return new String(json.toBytes(message, options), StandardCharsets.UTF_8);
    }

    /// A connection that breaks.
    private static final class Cut extends InputStream {
        @Override
        public int read() throws IOException {
            throw new IOException("cut");
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            return read();
        }
    }
}
