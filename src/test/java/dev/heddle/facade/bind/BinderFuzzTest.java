package dev.heddle.facade.bind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.facade.route.Match;
import dev.heddle.fuzz.Fuzz;
import dev.heddle.rpc.Headers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Queries at random, for every type that a parameter can have.
@Timeout(3600)
final class BinderFuzzTest {
    private static final Match.Found QUERY = (Match.Found) Shapes.TABLE.match("GET", "/v1/shapes");
    private static final Match.Found LENIENT =
            (Match.Found) Shapes.TABLE.match("GET", "/v1/shapes:lenient");

    @Test
    void queries() {
        Fuzz.of(
                        "query",
                        "text=a%20b+c&int32=-5&uint64=18446744073709551615&flag=true",
                        "float=1.5e3&double=NaN&data=aGk_&color=RED",
                        "child.name=x&child.child.name=y&labels[a]=1&counts[3]=4&choices.true=1",
                        "time=2026-01-31T12:00:00.5%2B01:00&duration=-1.5s&update_mask=a,bC.d",
                        "int64Value=7&boolValue=false&bytesValue=AA==&stringValue=",
                        "chosen_text=x&$alt=json&$prettyPrint=true",
                        "named_times[x]=2026-01-31T12:00:00Z&numbers=1&numbers=2")
                .words(
                        "text",
                        "int32",
                        "uint32",
                        "sint64",
                        "fixed64",
                        "float",
                        "double",
                        "data",
                        "color",
                        "child",
                        ".child",
                        ".name",
                        "labels",
                        "[",
                        "]",
                        "counts",
                        "choices",
                        "children",
                        "named_children",
                        "time",
                        "duration",
                        "update_mask",
                        "struct",
                        "value",
                        "any",
                        "empty",
                        "null_value",
                        "chosen_int32",
                        "chosen_text",
                        "chosen_child.name",
                        "=",
                        "&",
                        ".",
                        "true",
                        "1",
                        "1e9",
                        "$alt",
                        "2026-02-30T00:00:00Z",
                        "1s",
                        "RED")
                .run(input -> {
                    var query = input.text(StandardCharsets.ISO_8859_1);
                    var match = input.random().nextBoolean() ? QUERY : LENIENT;
                    if (input.random().nextInt(8) == 0) {
                        BindingReport.of(match, query);
                    }
                    var bound = RequestBinder.bind(match, query, Headers.empty());
                    assertThat(bound.request().isInitialized()).isTrue();
                });
    }

    @Test
    void values() {
        var path = "/v1/path/x/true/1/2/3/4/5/6/7/8/9/10/1.5/2.5/aGk=/RED/name";
        Fuzz.of("path values", "x", "true", "-1", "1.5", "RED", "a%2Fb", "aGk%3D")
                .words("1", "e", "E", "+", "-", ".", "_", "%", "=", "/")
                .run(input -> {
                    var values = path.split("/", -1);
                    var at = 3 + input.random().nextInt(values.length - 3);
                    values[at] = input.text(StandardCharsets.ISO_8859_1);
                    if (Shapes.TABLE.match("GET", String.join("/", values))
                            instanceof Match.Found found) {
                        RequestBinder.bind(found, "", Headers.empty());
                    }
                });
    }
}
