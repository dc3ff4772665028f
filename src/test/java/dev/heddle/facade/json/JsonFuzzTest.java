package dev.heddle.facade.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TypeRegistry;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.util.JsonFormat;
import com.google.rpc.ErrorInfo;
import dev.heddle.facade.json.Json.Options;
import dev.heddle.fuzz.Fuzz;
import dev.heddle.rpc.Rpcs;
import dev.heddle.testing.v1.Shape;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Texts and messages at random, beside protobuf's own reader of JSON.
@Timeout(3600)
final class JsonFuzzTest {
    private static final String[] SAMPLES = {
        """
        {"text":"a\\u00e9","flag":true,"int32":-5,"int64":"7","uint32":4294967295,"uint64":"1",
        "float":1.5,"double":"NaN","data":"aGk=","color":"COLOR_RED"}
        """,
        """
        {"child":{"name":"x"},"children":[{"name":"y"},{}],"labels":{"a":"b"},"counts":{"1":"2"},
        "choices":{"true":1},"namedChildren":{"k":{"name":"n"}}}
        """,
        """
        {"time":"2026-01-31T12:00:00.5Z","duration":"-1.5s","updateMask":"a,b.cD",
        "namedTimes":{"x":"0001-01-01T00:00:00Z"},"times":["9999-12-31T23:59:59.999999999+00:00"]}
        """,
        """
        {"struct":{"a":[1,null,{"b":"c"}]},"value":[true,{}],"list":[1,"2"],"empty":{},
        "nullValue":null,"stringValue":"","int64Value":"9223372036854775807","boolValue":false}
        """,
        """
        {"any":{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"R","metadata":{"a":"b"}},
        "chosenText":"x"}
        """,
        """
        {"any":{"value":"1.5s","@type":"type.googleapis.com/google.protobuf.Duration"},"chosenInt32":1}
        """,
    };
    private static final String[] WORDS = {
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\"text\":",
        "\"int32\":",
        "\"uint64\":",
        "\"double\":",
        "\"child\":",
        "\"labels\":",
        "\"time\":",
        "\"duration\":",
        "\"any\":",
        "\"value\":",
        "\"@type\":",
        "\"struct\":",
        "\"updateMask\":",
        "\"data\":",
        "\"color\":",
        "1",
        "-0",
        "1e2",
        "\"1\"",
        "\"\"",
        "\"x\"",
        "null",
        "true",
        "false",
        "\"NaN\"",
        "\"2026-01-31T12:00:00Z\"",
        "\"1s\"",
        "\"type.googleapis.com/google.protobuf.Any\"",
        " ",
        "\\u0041"
    };

    private final Json json = Json.of(Rpcs.builder().build(), Shape.getDefaultInstance());
    private final TypeRegistry types =
            TypeRegistry.newBuilder()
                    .add(ErrorInfo.getDescriptor())
                    .add(Shape.getDescriptor())
                    .build();
    private final JsonFormat.Parser reference = JsonFormat.parser().usingTypeRegistry(types);

    /// What is read is what protobuf reads, and comes back from what is written of it.
    @Test
    void texts() {
        Fuzz.of("JSON", SAMPLES)
                .words(WORDS)
                .run(input -> {
                    var shape = Shape.newBuilder();
                    json.merge(input.bytes(), shape);

                    var read = shape.build();
                    // no body at all is a message without fields here
                    if (!input.text().isBlank()) {
                        assertThat(read).isEqualTo(byProtobuf(input.text()));
                    }
                    assertThat(written(read)).isEqualTo(read);
                });
    }

    @Test
    void textsWithUnknownFields() {
        var lenient = json.ignoringUnknown();
        Fuzz.of("JSON with unknown fields", SAMPLES)
                .words(WORDS)
                .run(input -> {
                    var shape = Shape.newBuilder();
                    lenient.merge(new ByteArrayInputStream(input.bytes()), shape);
                    assertThat(shape.isInitialized()).isTrue();
                });
    }

    /// Whatever a message is made of is written as JSON that reads as the same message, or refused.
    @Test
    void messages() throws InvalidProtocolBufferException {
        var samples = new byte[SAMPLES.length][];
        for (var i = 0; i < samples.length; i++) {
            samples[i] = byProtobuf(SAMPLES[i]).toByteArray();
        }
        Fuzz.of("messages as JSON", samples)
                .refusedBy(
                        List.of(
                                InvalidProtocolBufferException.class,
                                IllegalArgumentException.class))
                .run(input -> {
                    var shape = Shape.parseFrom(input.bytes());
                    var text = json.toBytes(shape, Options.STANDARD);
                    var back = Shape.newBuilder();
                    json.merge(text, back);
                    assertThat(json.toBytes(back.build(), Options.STANDARD))
                            .as(new String(text, StandardCharsets.UTF_8))
                            .isEqualTo(text);
                });
    }

    private Shape byProtobuf(String text) throws InvalidProtocolBufferException {
        var shape = Shape.newBuilder();
        reference.merge(text, shape);
        return shape.setUnknownFields(UnknownFieldSet.getDefaultInstance()).build();
    }

    private Shape written(Shape shape) {
        var back = Shape.newBuilder();
        json.merge(json.toBytes(shape, Options.STANDARD), back);
        return back.build();
    }
}
