package dev.heddle.db.embedded;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A program and its arguments, ready to run.
final class Command {
    private final ProcessBuilder builder;
    private String input = "";

    private Command(List<String> words) {
        builder = new ProcessBuilder(words).redirectErrorStream(true).directory(new File("/"));
        var environment = builder.environment();
        // the caller's PGDATA, PGPORT, PGOPTIONS and the like are meant for another PostgreSQL
        environment.keySet().removeIf(name -> name.startsWith("PG"));
        environment.put("LC_ALL", "C");
    }

    /// A command that runs as the user of this process.
    static Command of(String... words) {
        return new Command(List.of(words));
    }

    /// A command that runs under an account.
    static Command of(Account account, String... words) {
        var all = new ArrayList<>(account.prefix());
        all.addAll(List.of(words));
        return new Command(all);
    }

    /// With a few words to read on its standard input.
    Command withInput(String text) {
        input = text;
        return this;
    }

    /// Runs it to its end.
    ///
    /// @return what it wrote
    /// @throws EmbeddedPostgresException if it fails or takes longer; the message has its output
    String run(Duration timeout) throws IOException, InterruptedException {
        // A file and not a pipe: the pipe would stay open as long as anything that was started.
        var output = Files.createTempFile("heddle-", ".out");
        try {
            var status = run(Redirect.to(output.toFile()), timeout);
            var text = Files.readString(output);
            if (status != 0) {
                throw new EmbeddedPostgresException(
                        "%s ended with status %d: %s"
                                .formatted(builder.command().getFirst(), status, text.strip()));
            }
            return text;
        } finally {
            Files.delete(output);
        }
    }

    /// Runs it to its end; whether it could be started and succeeded.
    boolean succeeds(Duration timeout) throws InterruptedException {
        try {
            return run(Redirect.DISCARD, timeout) == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }

    /// Starts it and leaves it running; what it writes is appended to a file.
    Process start(Path log) throws IOException {
        return builder.redirectOutput(Redirect.appendTo(log.toFile())).start();
    }

    private int run(Redirect output, Duration timeout) throws IOException, InterruptedException {
        var process = builder.redirectOutput(output).start();
        try {
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            if (!process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new EmbeddedPostgresException(
                        "%s has not ended (expected: within %s)"
                                .formatted(String.join(" ", builder.command()), timeout));
            }
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }
}
