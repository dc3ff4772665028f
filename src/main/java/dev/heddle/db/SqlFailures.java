package dev.heddle.db;

import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import io.grpc.Status.Code;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/// The one place that tells what a failure of the database means to a caller. Neither SQL nor the
/// server's words get into a message: they stay in the cause, for the log.
final class SqlFailures {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final Duration CONFLICT_RETRY_AFTER = Duration.ofMillis(50);

    private SqlFailures() {}

    /// What to throw in the place of a failure of a body: the failure itself where it has nothing
    /// to do with the database, or is a defect.
    static RuntimeException translate(Exception failure, Optional<Task> task) {
        if (failure instanceof RpcException e) {
            return e;
        }
        return sqlException(failure)
                .flatMap(sql -> translate(sql, task))
                .orElseGet(() ->
                        failure instanceof RuntimeException e
                                ? e
                                : new IllegalStateException("the database failed", failure));
    }

    private static Optional<RuntimeException> translate(SQLException failure, Optional<Task> task) {
        var state = Optional.ofNullable(failure.getSQLState()).orElse("");
        var translated =
                switch (state) {
                    case "57014" ->
                            task.flatMap(Task::cancellation).orElseGet(SqlFailures::tooSlow);
                    case "23505" -> new UniqueViolationException(constraint(failure), failure);
                    case "40001", "40P01", "55P03" -> conflict();
                    case "22021", "22P05" -> unstorableText();
                    case "57P01", "57P02", "57P03", "57P05" -> unavailable();
                    default ->
                            state.startsWith("08") || state.startsWith("53") ? unavailable() : null;
                };
        return Optional.ofNullable(
                translated instanceof RpcException e && e.getCause() == null
                        ? e.withCause(failure)
                        : translated);
    }

    private static RpcException tooSlow() {
        return new RpcException(Code.DEADLINE_EXCEEDED, "the database took too long to answer")
                .withReason("STATEMENT_TIMEOUT");
    }

    private static RpcException conflict() {
        return new RpcException(
                        Code.ABORTED, "a conflict with another write, which went first; try again")
                .withReason("TRANSACTION_CONFLICT")
                .withRetryAfter(CONFLICT_RETRY_AFTER);
    }

    private static RpcException unstorableText() {
        return new RpcException(
                        Code.INVALID_ARGUMENT, "text with the character U+0000 can't be stored")
                .withReason("TEXT_NOT_STORABLE");
    }

    /// There is no database.
    static RpcException unavailable() {
        return new RpcException(Code.UNAVAILABLE, "the database is unavailable")
                .withReason("DATABASE_UNAVAILABLE")
                .withRetryAfter(RETRY_AFTER);
    }

    private static Optional<SQLException> sqlException(@Nullable Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException e) {
                return Optional.of(e);
            }
        }
        return Optional.empty();
    }

    private static String constraint(SQLException failure) {
        return failure instanceof PSQLException e
                        && e.getServerErrorMessage() != null
                        && e.getServerErrorMessage().getConstraint() != null
                ? e.getServerErrorMessage().getConstraint()
                : "unknown";
    }
}
