package dev.heddle.db;

import dev.heddle.rpc.RpcException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The `order_by` of a List method, by AIP-132: fields with commas between them, each followed by
/// `desc` where larger values come first.
///
/// @param terms by what to order, the most significant first
public record OrderBy(List<Term> terms) {
    private static final int MAX_TERMS = 8;

    /// A part of an order. To be had from [#parse] alone.
    public static final class Term {
        private final Column column;
        private final boolean descending;

        Term(Column column, boolean descending) {
            this.column = column;
            this.descending = descending;
        }

        Column column() {
            return column;
        }

        boolean isDescending() {
            return descending;
        }
    }

    public OrderBy {
        terms = List.copyOf(terms);
    }

    /// Reads an order; empty text is no order at all.
    ///
    /// @throws RpcException INVALID_ARGUMENT for one that can't be read or names an unknown field
    public static OrderBy parse(String orderBy, Columns columns) {
        if (orderBy.isBlank()) {
            return new OrderBy(List.of());
        }
        var terms = new ArrayList<Term>();
        var fields = new HashSet<String>();
        for (var part : orderBy.split(",", -1)) {
            terms.add(term(part.strip(), columns, fields));
        }
        if (terms.size() > MAX_TERMS) {
            throw invalid("%d fields (expected: at most %d)".formatted(terms.size(), MAX_TERMS));
        }
        return new OrderBy(terms);
    }

    private static Term term(String part, Columns columns, Set<String> fields) {
        var words = part.split("\\s+", -1);
        var field = words[0];
        var column =
                columns.find(field)
                        .orElseThrow(() ->
                                invalid(
                                        "unknown field \"%s\" (expected: one of %s)"
                                                .formatted(field, columns.fields())));
        if (!column.isOrdered()) {
            throw invalid("field %s has no order (expected: another)".formatted(field));
        }
        if (!fields.add(field)) {
            throw invalid("field %s twice (expected: once)".formatted(field));
        }
        return new Term(column, isDescending(part, words));
    }

    private static boolean isDescending(String part, String[] words) {
        if (words.length > 2) {
            throw invalid("\"%s\" (expected: a field, or a field and desc)".formatted(part));
        }
        return words.length == 2
                && switch (words[1]) {
                    case "desc" -> true;
                    case "asc" -> false;
                    default ->
                            throw invalid(
                                    "\"%s\" behind %s (expected: desc or asc)"
                                            .formatted(words[1], words[0]));
                };
    }

    private static RpcException invalid(String message) {
        return RpcException.invalidField("order_by", message);
    }
}
