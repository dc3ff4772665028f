package dev.heddle;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "serve",
        description =
                "Starts the gateway, and an embedded PostgreSQL where no database is configured.",
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
    @Option(
            names = "--port",
            paramLabel = "N",
            description = "The port to listen on (default: 8080; 0: any free one).")
    private Optional<Integer> port = Optional.empty();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The folder to keep things in (default: data).")
    private Optional<Path> data = Optional.empty();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML that overrides etc/application.yaml, which lists all keys.")
    private Optional<Path> config = Optional.empty();

    @Option(
            names = "--exit-when-ready",
            hidden = true,
            description = "Stop once everything has started: how the launcher records a start.")
    private boolean exitWhenReady;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        var configuration = Configuration.load(config, System.getenv(), overrides());
        Logging.configure(configuration);
        var gateway = Gateway.open(configuration);
        var stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    gateway.close();
                                    stopped.countDown();
                                },
                                "heddle-shutdown"));
        gateway.start();
        Banner.print(gateway, configuration, spec.commandLine().getOut());
        if (!exitWhenReady) {
            stopped.await();
        }
        return ExitCode.OK;
    }

    private Map<String, String> overrides() {
        var overrides = new HashMap<String, String>();
        port.ifPresent(value -> overrides.put("server.port", value.toString()));
        data.ifPresent(value -> overrides.put("data", value.toString()));
        return overrides;
    }
}
