package dev.heddle.db;

import com.github.kagkarlsson.scheduler.jdbc.JdbcTaskRepositoryContext;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.shaded.jdbc.PreparedStatementSetter;
import com.github.kagkarlsson.shaded.jdbc.ResultSetMapper;
import com.github.kagkarlsson.shaded.jdbc.RowMapper;
import com.github.kagkarlsson.shaded.jdbc.SQLRuntimeException;
import com.google.protobuf.Timestamp;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Has db-scheduler pick by a statement of ours.
///
/// Its own one knows neither that a task is paused nor how many of a task may run, and yields
/// nothing of the tables behind a task, which then had to be read one by one.
final class PickStatement<T> extends PostgreSqlJdbcCustomization {
    private static final Logger LOGGER = System.getLogger(PickStatement.class.getName());

    private final Pick<T> pick;
    private final DatabaseClock clock;
    private final NamedParameters sql;
    private boolean isOutage;

    PickStatement(Pick<T> pick, DatabaseClock clock) {
        super(false, false);
        this.pick = pick;
        this.clock = clock;
        this.sql = NamedParameters.of(pick.sql());
    }

    @Override
    public List<Execution> lockAndFetchSingleStatement(
            JdbcTaskRepositoryContext context, Instant now, int limit, boolean orderByPriority) {
        try {
            if (clock.isOld()) {
                readClock(context);
            }
            var picked = pick(context, limit);
            isOutage = false;
            return picked;
        } catch (SQLRuntimeException e) {
            // db-scheduler would log each try
            if (!isOutage) {
                isOutage = true;
                LOGGER.log(Level.WARNING, "nothing that is due is picked for now", e);
            }
            return List.of();
        }
    }

    private List<Execution> pick(JdbcTaskRepositoryContext context, int limit) {
        var runner = context.schedulerName.getName();
        var parameters = new HashMap<>(pick.parameters(limit));
        parameters.put("runner", runner);
        ResultSetMapper<List<Execution>> reading = rows -> executions(rows, runner);
        return context.jdbcRunner.query(
                sql.positionalSql(), statement -> set(statement, parameters), reading);
    }

    private void readClock(JdbcTaskRepositoryContext context) {
        RowMapper<Instant> reading = row -> row.getTimestamp(1).toInstant();
        context.jdbcRunner
                .query("SELECT clock_timestamp()", PreparedStatementSetter.NOOP, reading)
                .forEach(clock::set);
    }

    private void set(PreparedStatement statement, Map<String, Object> parameters)
            throws SQLException {
        var index = 1;
        for (var name : sql.names()) {
            statement.setObject(index++, parameters.get(name));
        }
    }

    private List<Execution> executions(ResultSet rows, String runner) throws SQLException {
        var row = new ResultRow(rows);
        var executions = new ArrayList<Execution>();
        while (rows.next()) {
            executions.add(execution(row, runner));
        }
        return executions;
    }

    private Execution execution(Row row, String runner) {
        var data = pick.data(row);
        return new Execution(
                instant(row.timestamp(5)),
                new TaskInstance<>(row.text(1), row.text(2), () -> data, (int) row.integer(4)),
                true,
                runner,
                null,
                null,
                0,
                clock.now(),
                row.integer(3));
    }

    private static Instant instant(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }
}
