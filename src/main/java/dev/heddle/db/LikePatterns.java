package dev.heddle.db;

/// Patterns for `LIKE`.
public final class LikePatterns {
    private LikePatterns() {}

    /// A pattern that texts with this beginning match, whatever stands in it.
    public static String prefix(String beginning) {
        return literal(beginning) + "%";
    }

    /// A text as a part of a pattern that matches nothing but it.
    static String literal(String text) {
        return text.replaceAll("[\\\\%_]", "\\\\$0");
    }
}
