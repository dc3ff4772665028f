package dev.heddle.facade.route;

import dev.heddle.facade.route.PathTemplate.Segment;
import dev.heddle.facade.route.PathTemplate.Variable;
import java.util.ArrayList;
import java.util.List;

/// Reads the templates of `google/api/http.proto`:
///
/// ```
/// Template = "/" Segments [ Verb ] ;
/// Segments = Segment { "/" Segment } ;
/// Segment  = "*" | "**" | LITERAL | Variable ;
/// Variable = "{" FieldPath [ "=" Segments ] "}" ;
/// FieldPath = IDENT { "." IDENT } ;
/// Verb     = ":" LITERAL ;
/// ```
///
/// A literal is the text of an RFC 3986 path segment, without `*` and `:`, which the grammar keeps
/// for itself.
final class PathTemplateParser {
    private static final char END = 0;
    private static final String LITERAL_MARKS = "-._~!$&'()+,;=@%";

    private final String text;
    private final List<Segment> segments = new ArrayList<>();
    private final List<Variable> variables = new ArrayList<>();
    private int at;

    private PathTemplateParser(String text) {
        this.text = text;
    }

    /// @throws IllegalArgumentException with the place and the expectation
    static PathTemplate parse(String text) {
        return new PathTemplateParser(text).template();
    }

    private PathTemplate template() {
        expect('/', "\"/\" before each segment");
        segments(false);
        var verb = "";
        if (at < text.length()) {
            expect(':', "\"/\", \":\" or the end");
            verb = literal("a verb");
        }
        if (at < text.length()) {
            throw wrong("the end");
        }
        int rest = segments.indexOf(new Segment.Rest());
        if (rest >= 0 && rest < segments.size() - 1) {
            throw new IllegalArgumentException(
                    "template \"%s\": ** before other segments (expected: last)".formatted(text));
        }
        return new PathTemplate(text, List.copyOf(segments), List.copyOf(variables), verb);
    }

    private void segments(boolean isInVariable) {
        segment(isInVariable);
        while (peek() == '/') {
            at++;
            segment(isInVariable);
        }
    }

    private void segment(boolean isInVariable) {
        switch (peek()) {
            case '*' -> segments.add(wildcard());
            case '{' -> {
                if (isInVariable) {
                    throw wrong("no variable within a variable");
                }
                variable();
            }
            default -> {
                var literal = literal("a segment: *, **, a literal or a variable");
                if (literal.equals(".") || literal.equals("..")) {
                    throw new IllegalArgumentException(
                            "template \"%s\": segment \"%s\" (expected: one that clients don't remove, see RFC 3986, section 5.2.4)"
                                    .formatted(text, literal));
                }
                segments.add(new Segment.Literal(literal));
            }
        }
    }

    private Segment wildcard() {
        at++;
        if (peek() == '*') {
            at++;
            return new Segment.Rest();
        }
        return new Segment.Any();
    }

    private void variable() {
        at++;
        var fieldPath = fieldPath();
        int from = segments.size();
        if (peek() == '=') {
            at++;
            segments(true);
        } else {
            segments.add(new Segment.Any());
        }
        expect('}', "\"}\" at the end of the variable");
        int to = segments.size();
        boolean isMultiSegment = to - from > 1 || segments.getLast() instanceof Segment.Rest;
        variables.add(new Variable(fieldPath, from, to, isMultiSegment));
    }

    private String fieldPath() {
        int from = at;
        identifier();
        while (peek() == '.') {
            at++;
            identifier();
        }
        return text.substring(from, at);
    }

    private void identifier() {
        int from = at;
        while (isLetter(peek()) || peek() == '_' || (at > from && isDigit(peek()))) {
            at++;
        }
        if (at == from) {
            throw wrong("the name of a field");
        }
    }

    private String literal(String expected) {
        int from = at;
        while (isLetter(peek()) || isDigit(peek()) || isLiteralMark(peek())) {
            at++;
        }
        if (at == from) {
            throw wrong(expected);
        }
        try {
            return PercentEncoding.decode(text.substring(from, at));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "template \"%s\": %s".formatted(text, e.getMessage()), e);
        }
    }

    private static boolean isLiteralMark(char c) {
        return LITERAL_MARKS.indexOf(c) >= 0;
    }

    private void expect(char c, String expected) {
        if (peek() != c) {
            throw wrong(expected);
        }
        at++;
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : END;
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private IllegalArgumentException wrong(String expected) {
        var found = at < text.length() ? "\"" + text.charAt(at) + "\"" : "the end";
        return new IllegalArgumentException(
                "template \"%s\": %s at %d (expected: %s)".formatted(text, found, at, expected));
    }
}
