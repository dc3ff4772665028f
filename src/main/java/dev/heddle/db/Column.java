package dev.heddle.db;

import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import dev.heddle.db.Comparison.Operator;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/// A field and the SQL that stands for it.
sealed interface Column {
    /// A parameter for a value; its name with the colon.
    @FunctionalInterface
    interface Parameters extends Function<Object, String> {}

    String field();

    /// The expression over the table by which the field is ordered.
    String sql();

    /// The type of that expression.
    String sqlType();

    /// A comparison in SQL.
    String compare(Comparison comparison, Parameters parameters);

    /// Whether there is an order of its values.
    default boolean isOrdered() {
        return true;
    }

    /// The comparison as SQL has it.
    default String plain(Comparison comparison, String value) {
        return sql() + " " + comparison.operator().sql() + " " + value;
    }

    private static boolean isPresence(Comparison comparison) {
        return comparison.operator() == Operator.HAS && comparison.value().equals("*");
    }

    record Uuid(String field, String sql) implements Column {
        private static final int LENGTH = 36;

        @Override
        public String sqlType() {
            return "uuid";
        }

        @Override
        public String compare(Comparison comparison, Parameters parameters) {
            if (isPresence(comparison)) {
                return "TRUE";
            }
            return plain(
                    comparison, "CAST(%s AS uuid)".formatted(parameters.apply(parse(comparison))));
        }

        private String parse(Comparison comparison) {
            try {
                if (comparison.value().length() == LENGTH) {
                    return UUID.fromString(comparison.value()).toString();
                }
            } catch (IllegalArgumentException _) {
                // Said below, as for any other text that is no id.
            }
            throw comparison.invalid(field, "an id");
        }
    }

    /// A `*` at either end of a value stands for any text.
    record Text(String field, String column, boolean caseless) implements Column {
        @Override
        public String sql() {
            return folded(column);
        }

        @Override
        public String sqlType() {
            return "text";
        }

        @Override
        public String compare(Comparison comparison, Parameters parameters) {
            var value = comparison.value();
            return switch (comparison.operator()) {
                case HAS ->
                        isPresence(comparison)
                                ? column + " <> ''"
                                : like(
                                        column,
                                        "ILIKE",
                                        isPattern(value) ? value : "*" + value + "*",
                                        parameters);
                case EQUAL, NOT_EQUAL -> {
                    var not = comparison.operator() == Operator.NOT_EQUAL;
                    yield isPattern(value)
                            ? like(sql(), not ? "NOT LIKE" : "LIKE", value, parameters)
                            : plain(comparison, folded(parameters.apply(value)));
                }
                case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
                        plain(comparison, folded(parameters.apply(value)));
            };
        }

        private String folded(String expression) {
            return caseless ? "lower(" + expression + ")" : expression;
        }

        private static boolean isPattern(String value) {
            return value.startsWith("*") || value.endsWith("*");
        }

        private String like(String sql, String operator, String pattern, Parameters parameters) {
            var any = pattern.equals("*");
            var start = pattern.startsWith("*") ? 1 : 0;
            var end = pattern.length() - (pattern.endsWith("*") && !any ? 1 : 0);
            var literal = LikePatterns.literal(pattern.substring(start, end));
            var like = (start == 1 ? "%" : "") + literal + (end < pattern.length() ? "%" : "");
            return sql + " " + operator + " " + folded(parameters.apply(like));
        }
    }

    record Whole(String field, String sql) implements Column {
        @Override
        public String sqlType() {
            return "bigint";
        }

        @Override
        public String compare(Comparison comparison, Parameters parameters) {
            if (isPresence(comparison)) {
                return "TRUE";
            }
            try {
                return plain(comparison, parameters.apply(Long.valueOf(comparison.value())));
            } catch (NumberFormatException _) {
                throw comparison.invalid(field, "a whole number");
            }
        }
    }

    record Decimal(String field, String sql) implements Column {
        private static final int MAX_LENGTH = 40;

        @Override
        public String sqlType() {
            return "numeric";
        }

        @Override
        public String compare(Comparison comparison, Parameters parameters) {
            if (isPresence(comparison)) {
                return "TRUE";
            }
            return plain(comparison, parameters.apply(parse(comparison)));
        }

        /// The digits alone: an exponent would let a few characters stand for a million digits.
        private BigDecimal parse(Comparison comparison) {
            var value = comparison.value();
            if (value.length() <= MAX_LENGTH && value.matches("-?\\d+(\\.\\d+)?")) {
                return new BigDecimal(value);
            }
            throw comparison.invalid(field, "a number such as 19.99");
        }
    }

    /// A list of texts: `:` finds those that have an element.
    record Texts(String field, String sql) implements Column {
        @Override
        public String sqlType() {
            return "text[]";
        }

        @Override
        public boolean isOrdered() {
            return false;
        }

        @Override
        public String compare(Comparison comparison, Parameters parameters) {
            if (comparison.operator() != Operator.HAS) {
                throw comparison.unsupported(field, ":");
            }
            return isPresence(comparison)
                    ? "cardinality(%s) > 0".formatted(sql)
                    : "%s @> ARRAY[CAST(%s AS text)]"
                            .formatted(sql, parameters.apply(comparison.value()));
        }
    }

    record Bool(String field, String sql) implements Column {
        @Override
        public String sqlType() {
            return "boolean";
        }

        @Override
        public String compare(Comparison comparison, Parameters parameters) {
            if (isPresence(comparison)) {
                return "TRUE";
            }
            if (comparison.operator().isOrdering()) {
                throw comparison.unsupported(field, "=, != or :");
            }
            return switch (comparison.value()) {
                case "true" -> plain(comparison, "TRUE");
                case "false" -> plain(comparison, "FALSE");
                default -> throw comparison.invalid(field, "true or false");
            };
        }
    }

    record Time(String field, String sql) implements Column {
        @Override
        public String sqlType() {
            return "timestamptz";
        }

        @Override
        public String compare(Comparison comparison, Parameters parameters) {
            if (isPresence(comparison)) {
                return "TRUE";
            }
            return plain(comparison, parameters.apply(parse(comparison)));
        }

        private OffsetDateTime parse(Comparison comparison) {
            try {
                // PostgreSQL knows fewer offsets
                var time =
                        OffsetDateTime.parse(comparison.value())
                                .withOffsetSameInstant(ZoneOffset.UTC);
                if (time.getYear() >= 1 && time.getYear() <= 9999) {
                    return time;
                }
            } catch (DateTimeException _) {
                // Said below, as for any other text that is no time.
            }
            throw comparison.invalid(field, "a time such as \"2026-01-31T12:00:00Z\"");
        }
    }

    record Enumeration(String field, String sql, EnumDescriptor type) implements Column {
        @Override
        public String sqlType() {
            return "integer";
        }

        @Override
        public String compare(Comparison comparison, Parameters parameters) {
            if (isPresence(comparison)) {
                return "TRUE";
            }
            if (comparison.operator().isOrdering()) {
                throw comparison.unsupported(field, "=, != or :");
            }
            var value =
                    find(comparison.value())
                            .orElseThrow(() -> comparison.invalid(field, "one of " + names()));
            return plain(comparison, parameters.apply(value.getNumber()));
        }

        private Optional<EnumValueDescriptor> find(String name) {
            return Optional.ofNullable(type.findValueByName(name))
                    .or(() -> Optional.ofNullable(type.findValueByName(prefix() + name)));
        }

        private String names() {
            return type.getValues().stream()
                    .map(value -> value.getName().substring(prefix().length()))
                    .collect(Collectors.joining(", "));
        }

        /// Values are named after their enum, as in `STATE_ACTIVE` of `State`.
        private String prefix() {
            var prefix =
                    type.getName()
                                    .replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_")
                                    .toUpperCase(Locale.ROOT)
                            + "_";
            return type.getValues().stream().allMatch(v -> v.getName().startsWith(prefix))
                    ? prefix
                    : "";
        }
    }
}
