package dev.heddle.bench.feed;

import dev.heddle.bench.BenchGateway;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "feed",
        description = "Publishes and subscribes, beside plain JDBC and the framings alone.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class FeedBench implements Callable<Integer> {
    /// All subscribers are one caller, who may have as many as there are.
    private static final Map<String, String> SETTINGS =
            Map.of(
                    "feed.max-streams-per-caller", "20000",
                    "rpc.max-concurrency", "20000",
                    "rpc.max-streams", "20000",
                    "server.max-connections", "20000");

    @Option(
            names = "--part",
            split = ",",
            paramLabel = "PART",
            description = "What to measure: ${COMPLETION-CANDIDATES}.")
    private Set<Part> parts = EnumSet.allOf(Part.class);

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long each figure is measured, and each round of several.")
    private int seconds = 5;

    @Option(names = "--threads", paramLabel = "N", description = "How many threads publish.")
    private int threads = 32;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where the database gets a folder for the time of the run.")
    private Path data = Path.of("target", "bench");

    @Spec private CommandSpec spec = CommandSpec.create();

    enum Part {
        PUBLISH,
        LATENCY,
        CROWD,
        SLOW,
        SATURATED,
        IDLE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public Integer call() throws Exception {
        check("--seconds", seconds, 600);
        check("--threads", threads, 40);
        var out = spec.commandLine().getOut();
        var duration = Duration.ofSeconds(seconds);
        out.println("starting PostgreSQL (fsync on) and the gateway");
        try (var gateway = BenchGateway.start(data, SETTINGS)) {
            for (var part : EnumSet.copyOf(parts)) {
                var figures = new Figures(out);
                switch (part) {
                    case PUBLISH -> new PublishPart(gateway, threads, duration).run(figures);
                    case LATENCY -> new LatencyPart(gateway, duration).latency(figures);
                    case CROWD -> new LatencyPart(gateway, duration).crowd(figures);
                    case SLOW -> new LatencyPart(gateway, duration).slow(figures);
                    case SATURATED -> new SaturatedPart(gateway, duration).run(figures);
                    case IDLE -> new IdlePart(gateway).run(figures);
                }
            }
        }
        return ExitCode.OK;
    }

    private void check(String option, int value, int max) {
        if (value < 1 || value > max) {
            throw new ParameterException(
                    spec.commandLine(), "%s: %d (expected: 1 to %d)".formatted(option, value, max));
        }
    }
}
