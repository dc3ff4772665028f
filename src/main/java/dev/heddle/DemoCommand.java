package dev.heddle;

import dev.heddle.demo.Demo;
import dev.heddle.security.DevelopmentIssuer;
import dev.heddle.security.TokenSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        description =
                "Fills a running gateway with people and products and keeps it busy until stopped.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class DemoCommand implements Callable<Integer> {
    /// As long as the default of `security.max-token-lifetime`.
    private static final Duration LONGEST_RUN = Duration.ofDays(30);

    @Option(names = "--url", paramLabel = "URL", description = "Where the gateway answers.")
    private URI url = URI.create("http://127.0.0.1:8080");

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data folder of the gateway, for its token.")
    private Path data = Path.of("data");

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "A token that the gateway accepts, instead of --data.",
            showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER)
    private Optional<String> token = Optional.empty();

    @Option(
            names = "--users",
            paramLabel = "N",
            description = "How many people there are to be first.")
    private int users = 10_000;

    @Option(
            names = "--products",
            paramLabel = "N",
            description = "How many products there are to be first.")
    private int products = 1_000;

    @Option(names = "--rate", paramLabel = "N", description = "Errands a second.")
    private int rate = 50;

    @Option(
            names = "--errands",
            paramLabel = "N",
            description = "How many errands to run; 0 for no end.")
    private long errands;

    @Option(
            names = "--sources-port",
            paramLabel = "PORT",
            description =
                    "The first of the four ports at which the servers answer that etc/demo.yaml names; 0 for none.")
    private int sourcesPort = 8091;

    @Option(names = "--seed", paramLabel = "N", description = "The seed of the random choices.")
    private long seed = 1;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        var bearer = token.isPresent() ? token.get() : newToken();
        var plan = new Demo.Plan(url, bearer, users, products, rate, errands, sourcesPort, seed);
        Demo.run(plan, spec.commandLine().getOut());
        return ExitCode.OK;
    }

    private String newToken() throws IOException {
        return DevelopmentIssuer.of(data)
                .mint(
                        new DevelopmentIssuer.Wish(
                                "developer",
                                Set.of("*"),
                                TokenSettings.DEFAULT.audience(),
                                LONGEST_RUN));
    }
}
