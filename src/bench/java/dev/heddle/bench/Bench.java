package dev.heddle.bench;

import dev.heddle.bench.feed.FeedBench;
import dev.heddle.bench.http2.AbuseBench;
import dev.heddle.bench.http2.Http2Bench;
import dev.heddle.http.helidon.CarrierBench;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The entry of `./heddle bench`, and the list of the benchmarks.
@Command(
        name = "heddle bench",
        description = "Runs a benchmark by name; without a name it lists them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "[BENCHMARK]",
        commandListHeading = "Benchmarks:%n",
        subcommands = {
            AbuseBench.class,
            CarrierBench.class,
            FeedBench.class,
            HostileBench.class,
            Http2Bench.class,
            JobsBench.class,
            JsonBench.class,
            StoreBench.class
        })
public final class Bench implements Callable<Integer> {
    /// Loggers live only as long as somebody holds them.
    private static final Logger ROOT = Logger.getLogger("");

    @Spec private CommandSpec spec = CommandSpec.create();

    public static void main(String[] arguments) {
        ROOT.setLevel(Level.WARNING);
        System.exit(
                new CommandLine(new Bench())
                        .setCaseInsensitiveEnumValuesAllowed(true)
                        .execute(arguments));
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getOut());
        return ExitCode.OK;
    }
}
