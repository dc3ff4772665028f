package dev.heddle.db;

import java.util.ArrayList;
import java.util.List;

/// A part of a text, with what matched a search in it.
///
/// @param pieces they follow each other
public record Excerpt(List<Piece> pieces) {
    /// How many characters it has at most.
    public static final int MAX_LENGTH = 300;

    /// The value of the parameter `:marks` of [#sql].
    public static final String MARKS = "StartSel=\u0001, StopSel=\u0002, MaxWords=30, MinWords=12";

    private static final char START = '\u0001';
    private static final char STOP = '\u0002';

    /// A part of the excerpt that matched, or one between two that did.
    public record Piece(String text, boolean isMatch) {}

    public Excerpt {
        pieces = List.copyOf(pieces);
    }

    /// The beginning of a text in which nothing matched.
    public static Excerpt of(String text) {
        return marked(text.replace(START, ' ').replace(STOP, ' '));
    }

    /// The beginning of a text that may begin with what was looked for, without regard to case.
    public static Excerpt ofPrefix(String text, String prefix) {
        return text.regionMatches(true, 0, prefix, 0, prefix.length())
                ? marked(
                        START
                                + text.substring(0, prefix.length())
                                + STOP
                                + text.substring(prefix.length()))
                : of(text);
    }

    /// An SQL expression: the part of a text around the words of a query, for [#marked]. It takes
    /// the parameter `:marks`.
    ///
    /// @param configuration of the text search, such as `english`
    /// @param text an expression for the text
    /// @param query an expression for the query
    public static String sql(String configuration, String text, String query) {
        return "ts_headline('%s', translate(%s, chr(1) || chr(2), ''), %s, :marks)"
                .formatted(configuration, text, query);
    }

    /// Reads what the expression yields, as much of it as an excerpt holds.
    public static Excerpt marked(String text) {
        var pieces = new ArrayList<Piece>();
        var left = MAX_LENGTH;
        var start = 0;
        var isMatch = false;
        while (start < text.length() && left > 0) {
            var end = endOfPiece(text, start);
            var piece = beginning(text.substring(start, end), left);
            if (!piece.isEmpty()) {
                pieces.add(new Piece(piece, isMatch));
            }
            left -= piece.codePointCount(0, piece.length());
            isMatch = end < text.length() && text.charAt(end) == START;
            start = end + 1;
        }
        return new Excerpt(pieces);
    }

    private static int endOfPiece(String text, int start) {
        var end = start;
        while (end < text.length() && text.charAt(end) != START && text.charAt(end) != STOP) {
            end++;
        }
        return end;
    }

    /// The first characters of a text, none of them cut in two.
    public static String beginning(String text, int characters) {
        return text.codePointCount(0, text.length()) <= characters
                ? text
                : text.substring(0, text.offsetByCodePoints(0, characters));
    }
}
