package dev.heddle.db;

import java.util.HashMap;
import java.util.Map;

/// A condition on rows, as SQL in parentheses with named parameters.
///
/// @param sql the expression, which holds no text that a caller sent
/// @param parameters the values of its parameters by name
public record Condition(String sql, Map<String, Object> parameters) {
    /// Holds for every row.
    public static final Condition TRUE = new Condition("(TRUE)", Map.of());

    public Condition {
        parameters = Map.copyOf(parameters);
    }

    /// Holds for what is a person's.
    ///
    /// @param column that has the owner
    /// @param person whose; empty text for everybody's
    public static Condition ownedBy(String column, String person) {
        return person.isEmpty()
                ? TRUE
                : new Condition("(%s = :owner)".formatted(column), Map.of("owner", person));
    }

    /// Holds where both do. Their parameters must have different names.
    public Condition and(Condition other) {
        if (equals(TRUE)) {
            return other;
        }
        if (other.equals(TRUE)) {
            return this;
        }
        var both = new HashMap<>(parameters);
        other.parameters.forEach((name, value) -> {
            if (both.putIfAbsent(name, value) != null) {
                throw new IllegalArgumentException(
                        "parameter :%s in both conditions (expected: in one)".formatted(name));
            }
        });
        return new Condition("(%s AND %s)".formatted(sql, other.sql), both);
    }
}
