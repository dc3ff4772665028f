package dev.heddle.documents;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import dev.heddle.feed.Payloads;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The examples of RFC 7396 that are about objects.
final class MergePatchTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    {"a":"b"}                 | {"a":"c"}                      | {"a":"c"}
                    {"a":"b"}                 | {"b":"c"}                      | {"a":"b","b":"c"}
                    {"a":"b"}                 | {"a":null}                     | {}
                    {"a":"b","b":"c"}         | {"a":null}                     | {"b":"c"}
                    {"a":["b"]}               | {"a":"c"}                      | {"a":"c"}
                    {"a":"c"}                 | {"a":["b"]}                    | {"a":["b"]}
                    {"a":{"b":"c"}}           | {"a":{"b":"d","c":null}}       | {"a":{"b":"d"}}
                    {"a":[{"b":"c"}]}         | {"a":[1]}                      | {"a":[1]}
                    {"e":null}                | {"a":1}                        | {"e":null,"a":1}
                    {}                        | {"a":{"bb":{"ccc":null}}}      | {"a":{"bb":{}}}
                    """)
    void patchOfTheStandardIsApplied(String document, String patch, String expected) {
        assertThat(MergePatch.apply(struct(document), struct(patch))).isEqualTo(struct(expected));
    }

    private static Struct struct(String json) {
        return Payloads.read(json, Struct.newBuilder()).build();
    }
}
