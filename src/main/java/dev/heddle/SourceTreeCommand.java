package dev.heddle;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// A command that needs the source tree and that the launcher runs there; the program itself can
/// only say so.
abstract sealed class SourceTreeCommand implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine()
                .getErr()
                .printf(
                        "heddle %s: runs in the source tree alone, as ./heddle %1$s%n",
                        spec.name());
        return ExitCode.USAGE;
    }

    @Command(
            name = "test",
            description = "Builds and runs every check and test, as CI does.",
            mixinStandardHelpOptions = true)
    static final class Test extends SourceTreeCommand {}

    @Command(
            name = "bench",
            description = "Runs a benchmark by name; without a name it lists them.",
            mixinStandardHelpOptions = true)
    static final class Bench extends SourceTreeCommand {}
}
