package dev.heddle.db;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A statement with `:name` parameters as JDBC takes it.
///
/// @param positionalSql the text with `?` in their places
/// @param names the names in the order of those places
record NamedParameters(String positionalSql, List<String> names) {
    /// What is not a parameter although a colon is in it comes first: strings, quoted identifiers,
    /// comments and casts.
    private static final Pattern TOKEN =
            Pattern.compile(
                    """
                    '[^']*'|"[^"]*"|--[^\\n]*|/\\*.*?\\*/|::|:(?<name>[A-Za-z_]\\w*)\
                    """,
                    Pattern.DOTALL);

    /// Those of the statements that were run last; a filter makes one of its own.
    private static final Cache<String, NamedParameters> PARSED =
            Caffeine.newBuilder().maximumSize(1_000).build();

    static NamedParameters of(String sql) {
        return PARSED.get(sql, NamedParameters::parse);
    }

    private static NamedParameters parse(String sql) {
        var tokens = TOKEN.matcher(sql);
        var positional =
                tokens.replaceAll(token ->
                        Matcher.quoteReplacement(
                                token.group("name") == null ? token.group() : "?"));
        var names =
                TOKEN.matcher(sql)
                        .results()
                        .filter(token -> token.group("name") != null)
                        .map((MatchResult token) -> token.group("name"))
                        .toList();
        return new NamedParameters(positional, names);
    }
}
