package dev.heddle;

import dev.heddle.db.embedded.EmbeddedPostgresException;
import java.net.BindException;
import java.net.ConnectException;
import java.util.Optional;
import org.flywaydb.core.api.FlywayException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/// Tells why a command failed: in a line where whoever ran it can do something about it, with a
/// stack trace where not.
final class FailureReport implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(
            Exception failure, CommandLine command, ParseResult ignored) {
        var out = command.getErr();
        var name = command.getCommandSpec().qualifiedName();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            var advice = advice(cause);
            if (advice.isPresent()) {
                out.printf("%s: %s%n", name, advice.get());
                return ExitCode.USAGE;
            }
        }
        out.printf("%s failed, which is a fault of Heddle:%n", name);
        failure.printStackTrace(out);
        return ExitCode.SOFTWARE;
    }

    private static Optional<String> advice(Throwable failure) {
        return switch (failure) {
            case Configuration.InvalidException e -> message(e);
            case IllegalArgumentException e -> message(e);
            case EmbeddedPostgresException e -> message(e);
            case BindException e ->
                    Optional.of(
                            "the address is in use or not this machine's (expected: server.host and"
                                    + " server.port, or --port, that are free; --port 0 takes any): "
                                    + e.getMessage());
            case ConnectException e -> Optional.of("nobody answers there: " + e.getMessage());
            case FlywayException e ->
                    Optional.of("the schema could not be brought up to date: " + e.getMessage());
            default -> Optional.empty();
        };
    }

    private static Optional<String> message(Exception failure) {
        return Optional.ofNullable(failure.getMessage());
    }
}
