package dev.heddle.db;

import java.util.Map;

/// How what is due is picked, in one statement.
///
/// @param <T> the data of what was picked
public interface Pick<T> {
    /// The number of the first column that is the statement's own.
    int FIRST_OWN_COLUMN = 6;

    /// A statement that marks due rows of db-scheduler's table as picked, and returns of each
    /// `task_name`, `task_instance`, `version`, `priority`, `execution_time` and then columns of
    /// its own. It uses `:runner` for who picks.
    String sql();

    /// The values of the parameters besides `:runner`.
    ///
    /// @param limit how many rows at most are to be picked
    Map<String, Object> parameters(int limit);

    /// What is made of a row.
    T data(Row row);
}
