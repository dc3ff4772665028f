package dev.heddle.reports;

import dev.heddle.db.Digests;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;

/// Writes a report as HTML, piece by piece. Whatever comes from data is text, and can be nothing
/// else.
final class Html {
    static final String CONTENT_TYPE = "text/html; charset=utf-8";

    private static final String STYLE =
            """
            :root { color-scheme: light dark; --line: #8884; --faint: #8881; --accent: #2a6fb0; }
            body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 2rem 1rem; }
            h1 { line-height: 1.2; margin: 0; }
            h2 { border-bottom: 2px solid var(--accent); margin: 2.5rem 0 0; }
            nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; list-style: none; padding: 0; }
            .wide { overflow-x: auto; }
            table { border-collapse: collapse; font-variant-numeric: tabular-nums; width: 100%; }
            caption { caption-side: top; opacity: .75; padding: .5rem 0; text-align: start; }
            th, td { border-bottom: 1px solid var(--line); overflow-wrap: anywhere; padding: .4rem .75rem .4rem 0; text-align: start; }
            thead th { border-bottom-width: 2px; }
            tbody tr:nth-child(even) { background: var(--faint); }
            tbody th { font-weight: 600; }
            .number { text-align: end; white-space: nowrap; }
            .failure { border: 2px solid #c33; padding: 1rem; }
            footer { margin-top: 3rem; opacity: .75; }
            @media print { body { max-width: none; padding: 0; } nav { display: none; } tr { break-inside: avoid; } }
            """;

    /// What the document may do: nothing but look as it says itself.
    static final String SECURITY_POLICY =
            "default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'"
                    .formatted(
                            Base64.getEncoder()
                                    .encodeToString(
                                            Digests.sha256(
                                                    STYLE.getBytes(StandardCharsets.UTF_8))));

    private Html() {}

    /// What precedes all sections.
    static String start(Kind kind, List<Section> sections, Instant time) {
        var contents = new StringBuilder();
        for (var i = 0; i < sections.size(); i++) {
            contents.append("<li><a href=\"#s%d\">".formatted(i + 1))
                    .append(text(sections.get(i).title()))
                    .append("</a></li>\n");
        }
        var second = time.truncatedTo(ChronoUnit.SECONDS);
        return """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="%1$s">
        <title>%2$s</title>
        <style>%3$s</style>
        </head>
        <body>
        <header>
        <h1>%2$s</h1>
        <p>As of <time datetime="%4$s">%4$s</time></p>
        <nav aria-label="Sections">
        <ul>
        %5$s</ul>
        </nav>
        </header>
        <main>
        """
                .formatted(SECURITY_POLICY, text(kind.title()), STYLE, second, contents);
    }

    /// A section.
    ///
    /// @param number its place in the document, from 1
    static String section(int number, Section section, List<List<String>> rows) {
        var html = new StringBuilder(heading(number, section));
        if (rows.isEmpty()) {
            html.append(
                    "<p>%s</p>\n<p>There is nothing to show.</p>\n"
                            .formatted(text(section.note())));
        } else {
            html.append(
                            "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-labelledby=\"h%d\">\n"
                                    .formatted(number))
                    .append("<table>\n<caption>%s</caption>\n".formatted(text(section.note())))
                    .append("<thead>\n<tr>");
            section.columns()
                    .forEach(column -> cell(html, "th scope=\"col\"", column, column.name()));
            html.append("</tr>\n</thead>\n<tbody>\n");
            rows.forEach(row -> row(html, section.columns(), row));
            html.append("</tbody>\n</table>\n</div>\n");
        }
        return html.append("</section>\n").toString();
    }

    /// In the place of a section, that it and all behind it are missing.
    static String failure(int number, Section section, String message) {
        return heading(number, section)
                + "<p class=\"failure\" role=\"alert\">This report ends here, and is not complete: %s</p>\n</section>\n"
                        .formatted(text(message));
    }

    /// What follows all sections. Without it a document is not complete.
    static String end() {
        return "</main>\n<footer><p>End of the report.</p></footer>\n</body>\n</html>\n";
    }

    /// Text as HTML has it, within an element or an attribute in quotes. Control characters have no
    /// place in a document and are shown as what they are: something that can't be shown.
    static String text(String text) {
        var html = new StringBuilder(text.length() + 16);
        text.chars()
                .forEach(c -> {
                    switch (c) {
                        case '&' -> html.append("&amp;");
                        case '<' -> html.append("&lt;");
                        case '>' -> html.append("&gt;");
                        case '"' -> html.append("&quot;");
                        case '\'' -> html.append("&#39;");
                        case '\t', '\n' -> html.append((char) c);
                        default -> html.append(Character.isISOControl(c) ? '\uFFFD' : (char) c);
                    }
                });
        return html.toString();
    }

    private static String heading(int number, Section section) {
        return "<section id=\"s%1$d\" aria-labelledby=\"h%1$d\">\n<h2 id=\"h%1$d\">%2$s</h2>\n"
                .formatted(number, text(section.title()));
    }

    private static void row(StringBuilder html, List<Section.Column> columns, List<String> row) {
        html.append("<tr>");
        for (var i = 0; i < row.size(); i++) {
            cell(html, i == 0 ? "th scope=\"row\"" : "td", columns.get(i), row.get(i));
        }
        html.append("</tr>\n");
    }

    /// @param tag the element and its attributes
    private static void cell(
            StringBuilder html, String tag, Section.Column column, String content) {
        html.append('<')
                .append(tag)
                // whichever way a text is written, it turns nothing beside it around
                .append(column.isNumber() ? " class=\"number\">" : " dir=\"auto\">")
                .append(text(content))
                .append("</")
                .append(tag, 0, 2)
                .append('>');
    }
}
