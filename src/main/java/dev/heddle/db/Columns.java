package dev.heddle.db;

import com.google.protobuf.Descriptors.EnumDescriptor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The fields over which a List method's `filter` and `order_by` may range, and the SQL of each.
/// None of them is ever null.
public final class Columns {
    private final Map<String, Column> byField;

    private Columns(Map<String, Column> byField) {
        this.byField = byField;
    }

    public static Builder builder() {
        return new Builder();
    }

    Optional<Column> find(String field) {
        return Optional.ofNullable(byField.get(field));
    }

    /// The column of a field that is known to be there.
    Column get(String field) {
        return find(field)
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "field %s (expected: one of %s)".formatted(field, fields())));
    }

    /// The names of all fields, for messages.
    String fields() {
        return String.join(", ", byField.keySet());
    }

    /// Declares columns. The SQL of a column may be any expression over the table.
    public static final class Builder {
        private final Map<String, Column> byField = new LinkedHashMap<>();

        private Builder() {}

        /// A column of type `uuid`.
        public Builder uuid(String field, String sql) {
            return add(new Column.Uuid(field, sql));
        }

        /// A column of type `text`, which is compared as it is.
        public Builder text(String field, String sql) {
            return add(new Column.Text(field, sql, false));
        }

        /// A column of type `text`, which is compared and ordered without regard to case.
        public Builder caselessText(String field, String sql) {
            return add(new Column.Text(field, sql, true));
        }

        /// A column of whole numbers.
        public Builder integer(String field, String sql) {
            return add(new Column.Whole(field, sql));
        }

        /// A column of type `numeric`.
        public Builder decimal(String field, String sql) {
            return add(new Column.Decimal(field, sql));
        }

        /// A column of type `text[]`, which has no order.
        public Builder texts(String field, String sql) {
            return add(new Column.Texts(field, sql));
        }

        /// A column of type `boolean`.
        public Builder bool(String field, String sql) {
            return add(new Column.Bool(field, sql));
        }

        /// A column of type `timestamptz`.
        public Builder timestamp(String field, String sql) {
            return add(new Column.Time(field, sql));
        }

        /// A column of the numbers of an enum's values. A filter may name a value in full or
        /// without the prefix that all values share.
        public Builder enumeration(String field, String sql, EnumDescriptor type) {
            return add(new Column.Enumeration(field, sql, type));
        }

        public Columns build() {
            return new Columns(new LinkedHashMap<>(byField));
        }

        private Builder add(Column column) {
            if (byField.putIfAbsent(column.field(), column) != null) {
                throw new IllegalArgumentException(
                        "field %s: declared twice (expected: once)".formatted(column.field()));
            }
            return this;
        }
    }
}
