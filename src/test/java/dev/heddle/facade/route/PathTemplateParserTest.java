package dev.heddle.facade.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.facade.route.PathTemplate.Segment;
import dev.heddle.facade.route.PathTemplate.Variable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PathTemplateParserTest {
    @Test
    void templateHasSegmentsVariablesAndVerb() {
        var template = PathTemplateParser.parse("/v1/{name=shelves/*}/x%2Fy/{rest.path=**}:do");

        assertThat(template.segments())
                .containsExactly(
                        new Segment.Literal("v1"),
                        new Segment.Literal("shelves"),
                        new Segment.Any(),
                        new Segment.Literal("x/y"),
                        new Segment.Rest());
        assertThat(template.variables())
                .containsExactly(
                        new Variable("name", 1, 3, true), new Variable("rest.path", 4, 5, true));
        assertThat(template.verb()).isEqualTo("do");
        assertThat(template).hasToString("/v1/{name=shelves/*}/x%2Fy/{rest.path=**}:do");
    }

    @Test
    void variableOfOneSegmentIsNotMultiSegment() {
        assertThat(PathTemplateParser.parse("/{a}/{b=*}/{c=d}").variables())
                .extracting(Variable::isMultiSegment)
                .containsExactly(false, false, false);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''               | the end at 0 (expected: \"/\"",
                "v1               | \"v\" at 0 (expected: \"/\"",
                "/                | the end at 1 (expected: a segment",
                "/v1/             | the end at 4 (expected: a segment",
                "/v1//x           | \"/\" at 4 (expected: a segment",
                "/v1/{id          | the end at 7 (expected: \"}\"",
                "/v1/{}           | \"}\" at 5 (expected: the name of a field)",
                "/v1/{1a}         | \"1\" at 5 (expected: the name of a field)",
                "/v1/{a.}         | \"}\" at 7 (expected: the name of a field)",
                "/v1/{a={b}}      | \"{\" at 7 (expected: no variable within a variable)",
                "/v1/{a=}         | \"}\" at 7 (expected: a segment",
                "/v1/{a}b         | \"b\" at 7 (expected: \"/\", \":\" or the end)",
                "/v1/b{a}         | \"{\" at 5 (expected: \"/\", \":\" or the end)",
                "/v1/***          | \"*\" at 6",
                "/v1/a*           | \"*\" at 5",
                "/v1/**/x         | ** before other segments (expected: last)",
                "/v1/{a=**}/x     | ** before other segments (expected: last)",
                "/v1/{a=**/x}     | ** before other segments (expected: last)",
                "/v1/a:           | the end at 6 (expected: a verb)",
                "/v1/a:b:c        | \":\" at 7 (expected: the end)",
                "/v1/a:b/c        | \"/\" at 7 (expected: the end)",
                "/v1/a:{b}        | \"{\" at 6 (expected: a verb)",
                "/v1/..           | segment \"..\"",
                "/v1/%2e          | segment \".\"",
                "/v1/%2           | \"%2\" (expected: % and two hexadecimal digits",
                "/v1/%ff          | \"%ff\" (expected: percent-encoded UTF-8)",
                "/v1/a b          | \" \" at 5",
                "/v1/é            | \"é\" at 4 (expected: a segment",
                "/v1/a?b=c        | \"?\" at 5",
            })
    void brokenTemplateIsRefusedWithThePlace(String template, String problem) {
        assertThatThrownBy(() -> PathTemplateParser.parse(template))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("template \"" + template + "\": ")
                .hasMessageContaining(problem);
    }
}
