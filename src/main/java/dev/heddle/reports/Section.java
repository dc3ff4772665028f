package dev.heddle.reports;

import java.util.List;

/// A part of a report: one table, from one query.
///
/// @param title its heading
/// @param note what the table shows
/// @param columns the columns of the query
/// @param sql the query, all of whose columns are texts, and how many rows of them are bounded
record Section(String title, String note, List<Column> columns, String sql) {
    Section {
        columns = List.copyOf(columns);
    }

    /// @param name what stands above it
    /// @param isNumber whether it holds numbers, which are aligned
    record Column(String name, boolean isNumber) {
        static Column text(String name) {
            return new Column(name, false);
        }

        static Column number(String name) {
            return new Column(name, true);
        }
    }
}
