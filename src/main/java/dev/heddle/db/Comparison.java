package dev.heddle.db;

import dev.heddle.rpc.RpcException;

/// One comparison of a filter, such as `name = "Ada"`.
///
/// @param operator between the field and the value
/// @param value as it was written, without quotes
/// @param position of the value within the filter, from 1, for messages
record Comparison(Operator operator, String value, int position) {

    enum Operator {
        EQUAL("=", "="),
        NOT_EQUAL("!=", "<>"),
        LESS("<", "<"),
        LESS_OR_EQUAL("<=", "<="),
        GREATER(">", ">"),
        GREATER_OR_EQUAL(">=", ">="),
        HAS(":", "=");

        private final String symbol;
        private final String sql;

        Operator(String symbol, String sql) {
            this.symbol = symbol;
            this.sql = sql;
        }

        String symbol() {
            return symbol;
        }

        /// The operator between a column and a value in SQL. A field that isn't a list has a value
        /// if it equals it (AIP-160).
        String sql() {
            return sql;
        }

        boolean isOrdering() {
            return switch (this) {
                case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> true;
                case EQUAL, NOT_EQUAL, HAS -> false;
            };
        }
    }

    /// The failure of a comparison whose value is not what its field wants.
    RpcException invalid(String field, String expectation) {
        return RpcException.invalidField(
                "filter",
                "\"%s\" at position %d can't be compared with %s (expected: %s)"
                        .formatted(value, position, field, expectation));
    }

    RpcException unsupported(String field, String expectation) {
        return RpcException.invalidField(
                "filter",
                "%s before position %d does not apply to %s (expected: %s)"
                        .formatted(operator.symbol(), position, field, expectation));
    }
}
