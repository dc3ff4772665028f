package dev.heddle.db;

import dev.heddle.db.OrderBy.Term;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Paging by the place of the last row instead of by its number: the next page begins behind it, at
/// the cost of an index look-up, and no row is skipped or repeated because others came or went.
///
/// @see <a href="https://use-the-index-luke.com/no-offset">no offset</a>
public final class Keyset {
    private final List<Term> terms;

    private Keyset(List<Term> terms) {
        this.terms = terms;
    }

    /// The paging of a List method.
    ///
    /// @param order by what the rows are ordered
    /// @param columns the columns of the order
    /// @param unique a field whose values are unique, which decides between rows that are otherwise
    ///   equal
    public static Keyset of(OrderBy order, Columns columns, String unique) {
        var terms = new ArrayList<Term>();
        for (var term : order.terms()) {
            terms.add(term);
            if (term.column().field().equals(unique)) {
                return new Keyset(terms);
            }
        }
        // The direction of the last term, so that one index serves both ways.
        var descending = !terms.isEmpty() && terms.getLast().isDescending();
        terms.add(new Term(columns.get(unique), descending));
        return new Keyset(terms);
    }

    /// What follows `ORDER BY`.
    public String orderBy() {
        return terms.stream()
                .map(term -> term.column().sql() + (term.isDescending() ? " DESC" : ""))
                .collect(Collectors.joining(", "));
    }

    /// Columns to add to the end of a `SELECT`'s list: the place of each row.
    public String selection() {
        return IntStream.range(0, terms.size())
                .mapToObj(i -> "CAST(%s AS text) AS place%d".formatted(sql(i), i))
                .collect(Collectors.joining(", "));
    }

    /// The place of a row.
    ///
    /// @param first the number of the first column of [#selection]
    public List<String> position(Row row, int first) {
        return IntStream.range(0, terms.size()).mapToObj(i -> row.text(first + i)).toList();
    }

    /// The condition that a row comes behind a place. The names of its parameters begin with
    /// `after`.
    public Condition after(List<String> position) {
        if (position.size() != terms.size()) {
            throw new IllegalArgumentException(
                    "position of %d values (expected: %d)"
                            .formatted(position.size(), terms.size()));
        }
        var parameters = new HashMap<String, Object>();
        for (int i = 0; i < position.size(); i++) {
            parameters.put("after" + i, position.get(i));
        }
        var first = terms.getFirst().isDescending();
        var uniform = terms.stream().allMatch(term -> term.isDescending() == first);
        return new Condition(uniform ? row() : alternatives(), parameters);
    }

    /// A comparison of rows, which an index over the columns can answer.
    private String row() {
        var columns =
                terms.stream().map(term -> term.column().sql()).collect(Collectors.joining(", "));
        var values =
                IntStream.range(0, terms.size())
                        .mapToObj(this::value)
                        .collect(Collectors.joining(", "));
        return "((%s) %s (%s))".formatted(columns, comparator(terms.getFirst()), values);
    }

    /// Where directions differ: behind in one column, and equal in all before it.
    private String alternatives() {
        return IntStream.range(0, terms.size())
                .mapToObj(this::behindIn)
                .collect(Collectors.joining(" OR ", "(", ")"));
    }

    private String behindIn(int index) {
        var equal = IntStream.range(0, index).mapToObj(i -> sql(i) + " = " + value(i) + " AND ");
        return "(%s%s %s %s)"
                .formatted(
                        equal.collect(Collectors.joining()),
                        sql(index),
                        comparator(terms.get(index)),
                        value(index));
    }

    private String sql(int index) {
        return terms.get(index).column().sql();
    }

    private String value(int index) {
        return "CAST(:after%d AS %s)".formatted(index, terms.get(index).column().sqlType());
    }

    private static String comparator(Term term) {
        return term.isDescending() ? "<" : ">";
    }
}
