package dev.heddle.db;

import dev.heddle.db.Column.Parameters;
import dev.heddle.db.FilterToken.Kind;
import dev.heddle.rpc.RpcException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The `filter` of a List method, by AIP-160: comparisons of fields with values, `AND`, `OR` (which
/// binds more tightly than `AND`), `NOT` and `-`, parentheses. Comparisons that stand side by side
/// are joined by `AND`. Of the language's parts that need more than columns, there are neither
/// functions nor bare words to search for.
///
/// `=`, `!=` and the orders compare exactly. `:` finds a value within a text without regard to
/// case, and `field:*` whether there is one. A `*` at either end of the value of `=`, `!=` or `:`
/// stands for any text. Values are words or strings in quotes; within those `\` takes the next
/// character as it is.
public final class Filter {
    private static final int MAX_LENGTH = 10_000;
    private static final int MAX_DEPTH = 20;
    private static final int MAX_COMPARISONS = 100;

    private final Columns columns;
    private final List<FilterToken> tokens;
    private final Map<String, Object> values = new HashMap<>();
    private final Parameters parameters = this::parameter;
    private int at;
    private int depth;
    private int comparisons;

    private Filter(Columns columns, List<FilterToken> tokens) {
        this.columns = columns;
        this.tokens = tokens;
    }

    /// The condition that a filter states; every row's for an empty one. The names of its
    /// parameters begin with `filter`.
    ///
    /// @throws RpcException INVALID_ARGUMENT, with the place, for one that can't be read, names an
    ///   unknown field or is too large
    public static Condition parse(String filter, Columns columns) {
        if (filter.isBlank()) {
            return Condition.TRUE;
        }
        if (filter.length() > MAX_LENGTH) {
            throw tooLarge("%d characters".formatted(filter.length()), MAX_LENGTH);
        }
        return new Filter(columns, FilterToken.all(filter)).parse();
    }

    private Condition parse() {
        var sql = expression();
        if (peek().kind() != Kind.END) {
            throw peek().invalid("AND, OR or the end");
        }
        return new Condition(sql, values);
    }

    private String expression() {
        var parts = new ArrayList<String>();
        do {
            do {
                parts.add(factor());
            } while (beginsTerm(peek()));
        } while (skipWord("AND"));
        return joined(parts, " AND ");
    }

    private String factor() {
        var parts = new ArrayList<String>();
        do {
            parts.add(term());
        } while (skipWord("OR"));
        return joined(parts, " OR ");
    }

    private String term() {
        if (peek().kind() == Kind.MINUS) {
            at++;
            return "(NOT " + simple() + ")";
        }
        return skipWord("NOT") ? "(NOT " + simple() + ")" : simple();
    }

    private String simple() {
        if (peek().kind() != Kind.OPEN) {
            return comparison();
        }
        if (++depth > MAX_DEPTH) {
            throw tooLarge("parentheses %d deep".formatted(depth), MAX_DEPTH);
        }
        at++;
        var sql = expression();
        if (peek().kind() != Kind.CLOSE) {
            throw peek().invalid("AND, OR or )");
        }
        at++;
        depth--;
        return sql;
    }

    private String comparison() {
        if (++comparisons > MAX_COMPARISONS) {
            throw tooLarge("%d comparisons".formatted(comparisons), MAX_COMPARISONS);
        }
        var column = field();
        if (peek().kind() != Kind.OPERATOR) {
            throw peek().invalid("=, !=, <, <=, >, >= or : behind a field");
        }
        var operator = tokens.get(at++).operator();
        var value = peek();
        if (value.kind() != Kind.WORD && value.kind() != Kind.STRING) {
            throw value.invalid("a value");
        }
        at++;
        return "("
                + column.compare(
                        new Comparison(operator, value.text(), value.position()), parameters)
                + ")";
    }

    private Column field() {
        var name = peek();
        if (name.kind() != Kind.WORD || isKeyword(name)) {
            throw name.invalid("a field");
        }
        at++;
        return columns.find(name.text())
                .orElseThrow(() ->
                        RpcException.invalidField(
                                "filter",
                                "unknown field \"%s\" at position %d (expected: one of %s)"
                                        .formatted(
                                                name.text(), name.position(), columns.fields())));
    }

    private String parameter(Object value) {
        var name = "filter" + values.size();
        values.put(name, value);
        return ":" + name;
    }

    private FilterToken peek() {
        return tokens.get(at);
    }

    private boolean skipWord(String word) {
        var there = peek().isWord(word);
        if (there) {
            at++;
        }
        return there;
    }

    private static boolean beginsTerm(FilterToken token) {
        return switch (token.kind()) {
            case WORD -> !token.isWord("AND") && !token.isWord("OR");
            case OPEN, MINUS -> true;
            case STRING, OPERATOR, CLOSE, END -> false;
        };
    }

    private static boolean isKeyword(FilterToken token) {
        return token.isWord("AND") || token.isWord("OR") || token.isWord("NOT");
    }

    private static String joined(List<String> parts, String with) {
        return parts.size() == 1 ? parts.getFirst() : "(" + String.join(with, parts) + ")";
    }

    private static RpcException tooLarge(String what, int bound) {
        return RpcException.invalidField(
                "filter", "%s (expected: at most %d)".formatted(what, bound));
    }
}
