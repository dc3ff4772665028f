package dev.heddle.db;

import java.util.Map;

/// A statement that reads.
///
/// @param name its name in metrics
/// @param sql its text, with `:name` for parameters
/// @param parameters their values by name
public record Query(String name, String sql, Map<String, Object> parameters) {
    public Query {
        parameters = Map.copyOf(parameters);
    }
}
