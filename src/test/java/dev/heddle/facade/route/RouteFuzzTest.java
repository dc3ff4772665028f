package dev.heddle.facade.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.fuzz.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Paths and path templates at random.
@Timeout(3600)
final class RouteFuzzTest {
    private static final RouteTable TABLE =
            Rules.table(
                    "GET /v1/shapes",
                    "GET /v1/shapes/{text}",
                    "POST /v1/shapes/{text}:verb",
                    "GET /v1/{text=parts/*/of/*}/end",
                    "DELETE /v1/shapes/{text}/children/{chosen_text}",
                    "GET /v1/*/any/*",
                    "GET /v1/tail/{text=**}",
                    "GET /v1/tail/{text=**}:verb",
                    "* /v1/custom/{text}");

    @Test
    void paths() {
        Fuzz.of(
                        "path",
                        "/v1/shapes",
                        "/v1/shapes/a%2Fb",
                        "/v1/shapes/x:verb",
                        "/v1/parts/1/of/2/end",
                        "/v1/shapes/a/children/b",
                        "/v1/x/any/y",
                        "/v1/tail/a/b/c%20d/e:verb",
                        "/v1/custom/1")
                .words(
                        "/",
                        "/v1",
                        "/shapes",
                        "/tail",
                        "/custom",
                        "/any",
                        "/parts",
                        "/of",
                        "/end",
                        ":",
                        ":verb",
                        "%2F",
                        "%2e",
                        "..",
                        ".",
                        "%",
                        "a",
                        "children")
                .run(input -> {
                    var path = input.text(StandardCharsets.ISO_8859_1);
                    var method = input.random().nextBoolean() ? "GET" : "POST";
                    if (input.random().nextInt(8) == 0) {
                        TABLE.candidates(path);
                        TABLE.nearest(path);
                    }
                    switch (TABLE.match(method, path)) {
                        case Match.Found(var route, var values) -> {
                            assertThat(values).hasSameSizeAs(route.variables());
                            assertThat(path).startsWith("/v1/").doesNotContain("/../", "//");
                        }
                        case Match.MethodNotAllowed(var allow) -> assertThat(allow).isNotEmpty();
                        case Match.NotFound(var nearest) ->
                                assertThat(nearest).hasSizeLessThanOrEqualTo(3);
                    }
                });
    }

    @Test
    void templates() {
        Fuzz.of(
                        "path template",
                        "/v1/shapes/{text}",
                        "/v1/{text=parts/*/of/*}/end",
                        "/v1/tail/{child.name=**}:verb",
                        "/*/**")
                .words("/", "*", "**", "{", "}", "=", ":", ".", "a", "_b", "%2F", "text", "/v1")
                .refusedBy(List.of(IllegalArgumentException.class))
                .run(input -> {
                    var text = input.text();
                    assertThat(PathTemplateParser.parse(text).text()).isEqualTo(text);
                });
    }
}
