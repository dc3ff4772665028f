package dev.heddle.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class HtmlTest {
    private static final Pattern TAG =
            Pattern.compile("<(?<end>/?)(?<name>[a-z0-9]+)(?: [a-z-]+=\"[^\"<>]*\")*>");
    private static final Set<String> VOID = Set.of("meta");
    private static final Section SECTION =
            new Section(
                    "Title",
                    "Note",
                    List.of(Section.Column.text("Name"), Section.Column.number("Number")),
                    "");

    @Test
    void whateverDataHoldIsText() {
        assertThat(Html.text("<script>alert(\"x\")</script> & 'y'"))
                .isEqualTo("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;y&#39;");
        assertThat(Html.text("a\0b\u0007c\u001bd\u0085e\rf\tg\nh"))
                .isEqualTo("a\uFFFDb\uFFFDc\uFFFDd\uFFFDe\uFFFDf\tg\nh");
        assertThat(Html.text("größer 𝔸 \u202E")).isEqualTo("größer 𝔸 \u202E");
    }

    @Test
    void hostileRowsDoNotChangeTheStructure() {
        var seed = System.nanoTime();
        var random = new Random(seed);
        var pieces =
                List.of(
                        "<",
                        ">",
                        "\"",
                        "'",
                        "&",
                        "</td>",
                        "</table>",
                        "<script>",
                        "-->",
                        "]]>",
                        "<!--",
                        "&lt;",
                        "\0",
                        "\u0007",
                        "javascript:",
                        "</style>",
                        "%",
                        "$",
                        "\\");
        for (var i = 0; i < 200; i++) {
            var hostile = new StringBuilder();
            for (var j = 0; j < 8; j++) {
                hostile.append(pieces.get(random.nextInt(pieces.size())));
            }
            var html = document(List.of(List.of(hostile.toString(), "1")));
            assertThat(tags(html))
                    .as("seed %d: %s", seed, hostile)
                    .isEqualTo(tags(document(List.of(List.of("x", "1")))));
            assertThat(html).contains(Html.text(hostile.toString()));
        }
    }

    @Test
    void documentIsCompleteAndSaysWhatItMayDo() {
        var html = document(List.of());

        assertThat(html)
                .startsWith("<!DOCTYPE html>")
                .endsWith("</html>\n")
                .contains("nothing to show");
        assertThat(html)
                .contains("content=\"" + Html.SECURITY_POLICY + "\"")
                .doesNotContain("style=\"");
    }

    private static String document(List<List<String>> rows) {
        return Html.start(Kind.SALES, List.of(SECTION), Instant.EPOCH)
                + Html.section(1, SECTION, rows)
                + Html.end();
    }

    /// The tags of a document, of which each is closed where it must be.
    private static List<String> tags(String html) {
        var body = html.replaceFirst("(?s)<style>.*?</style>", "").replace("<!DOCTYPE html>", "");
        var open = new ArrayDeque<String>();
        var tags = new ArrayList<String>();
        var rest = TAG.matcher(body);
        while (rest.find()) {
            var name = rest.group("name");
            tags.add(rest.group());
            if (rest.group("end").equals("/")) {
                assertThat(open.pop()).isEqualTo(name);
            } else if (!VOID.contains(name)) {
                open.push(name);
            }
        }
        assertThat(open).isEmpty();
        assertThat(TAG.matcher(body).replaceAll("")).doesNotContain("<", ">");
        return tags;
    }
}
