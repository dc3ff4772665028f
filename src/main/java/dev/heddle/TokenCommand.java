package dev.heddle;

import dev.heddle.security.DevelopmentToken;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "token",
        description = "Prints a token that the gateway on a data folder accepts.",
        mixinStandardHelpOptions = true)
final class TokenCommand implements Callable<Integer> {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data folder (default: ${DEFAULT-VALUE}).",
            defaultValue = "data")
    private Path data = Path.of("data");

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        spec.commandLine().getOut().println(DevelopmentToken.of(data).value());
        return ExitCode.OK;
    }
}
