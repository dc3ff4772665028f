package dev.heddle;

import dev.heddle.security.DevelopmentIssuer;
import dev.heddle.security.Scopes;
import dev.heddle.security.TokenSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "token",
        description =
                "Makes a token that the gateway on a data folder accepts, as long as no issuer is configured.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class TokenCommand implements Callable<Integer> {
    @Option(names = "--data", paramLabel = "DIR", description = "The data folder.")
    private Path data = Path.of("data");

    @Option(names = "--subject", paramLabel = "NAME", description = "Whose calls they are.")
    private String subject = "developer";

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            description = "What they may do, such as orders.read; again for more. Without it: all.")
    private List<String> scopes = List.of("*");

    @Option(
            names = "--ttl",
            paramLabel = "TIME",
            description = "How long it is valid, such as 30s, 15m, 12h or 7d.",
            converter = DurationConverter.class,
            defaultValue = "24h")
    private Duration ttl = Duration.ofDays(1);

    @Option(names = "--audience", paramLabel = "NAME", description = "Whom it is for.")
    private String audience = TokenSettings.DEFAULT.audience();

    @Spec private CommandSpec spec = CommandSpec.create();

    private static final class DurationConverter implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            try {
                return Configuration.parseDuration(text);
            } catch (NumberFormatException e) {
                throw new TypeConversionException(
                        "'%s' (expected: a duration such as 30s, 15m or 12h)".formatted(text));
            }
        }
    }

    @Override
    public Integer call() throws IOException {
        var wish =
                new DevelopmentIssuer.Wish(
                        subject, Set.copyOf(Scopes.parse(String.join(" ", scopes))), audience, ttl);
        spec.commandLine().getOut().println(DevelopmentIssuer.of(data).mint(wish));
        return ExitCode.OK;
    }
}
