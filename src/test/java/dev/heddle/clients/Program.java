package dev.heddle.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.heddle.testing.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A client that others wrote, run to its end. A test whose client is not on this machine is
/// skipped; it fails if CI is set, where all of them are to be there, but for what CI may lack.
final class Program {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /// With what a script of ours ends when it lacks something.
    private static final int LACKING = 2;

    private final String command;
    private final boolean isOptional;

    private Program(String command, boolean isOptional) {
        this.command = command;
        this.isOptional = isOptional;
    }

    /// A script within `etc` that CI may lack something for.
    static Program optionalScript(String name) {
        return new Program("etc/" + name, true);
    }

    /// A script within `etc/clients`.
    static Program script(String name) {
        return new Program("etc/clients/" + name, false);
    }

    /// A command that the machine may have.
    static Program command(String name) {
        if (Programs.folder(name).isEmpty()) {
            lack("no %s here".formatted(name), false);
        }
        return new Program(name, false);
    }

    /// Runs it, and fails if it does.
    ///
    /// @return what it prints
    String run(String... arguments) throws IOException, InterruptedException {
        var all = new ArrayList<>(List.of(command));
        all.addAll(List.of(arguments));
        var log = Files.createTempFile(Path.of("target"), "client", ".log");
        var process =
                new ProcessBuilder(all)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as(() ->
                            "%s ends within %s; so far: %s".formatted(command, PATIENCE, text(log)))
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        if (command.startsWith("etc/") && process.exitValue() == LACKING) {
            lack(text(log), isOptional);
        }
        assertThat(process.exitValue()).as(() -> text(log)).isZero();
        return text(log);
    }

    private static void lack(String what, boolean isOptional) {
        if (isOptional || System.getenv("CI") == null) {
            abort(what);
        }
        throw new AssertionError(what);
    }

    private static String text(Path log) {
        try {
            return Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "nothing that could be read: " + e;
        }
    }
}
