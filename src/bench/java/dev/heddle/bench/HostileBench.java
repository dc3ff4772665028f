package dev.heddle.bench;

import dev.heddle.hostile.Attack;
import dev.heddle.hostile.HonestClient;
import dev.heddle.hostile.HostileLoad;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// How long the calls of an honest client take beside a load of hostile connections, and alone.
@Command(
        name = "hostile",
        description =
                "Calls beside slow-loris, half-open, reset, flood and bomb attackers at once, and alone.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class HostileBench implements Callable<Integer> {
    private static final double TARGET = 3;

    @Option(names = "--seconds", paramLabel = "N", description = "How long each time.")
    private int seconds = 15;

    @Option(names = "--heap", paramLabel = "SIZE", description = "The gateway's -Xmx.")
    private String heap = "256m";

    @Option(
            names = "--attack",
            split = ",",
            paramLabel = "ATTACK",
            description = "What the attackers do: ${COMPLETION-CANDIDATES}; all by default.")
    private Set<Attack> attacks = EnumSet.allOf(Attack.class);

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        var out = spec.commandLine().getOut();
        try (var load = HostileLoad.start(heap)) {
            var time = Duration.ofSeconds(seconds);
            var result = load.run(time, time, attacks);
            out.printf("  %-20s %10s %10s %10s %8s%n", "", "calls", "p50", "p99", "failed");
            print(out, "alone", result.alone());
            print(out, "beside attackers", result.beside());
            out.printf(
                    "  p99 to p99 %.2f: target %.0f, %s%n  attacks %s%n",
                    result.ratio(),
                    TARGET,
                    result.ratio() <= TARGET ? "met" : "missed",
                    result.made());
            out.flush();
        }
        return ExitCode.OK;
    }

    private static void print(PrintWriter out, String name, HonestClient.Result result) {
        out.printf(
                "  %-20s %,10d %7.2f ms %7.2f ms %8d%n",
                name,
                result.nanos().getTotalCount(),
                result.p50Millis(),
                result.p99Millis(),
                result.failed());
    }
}
