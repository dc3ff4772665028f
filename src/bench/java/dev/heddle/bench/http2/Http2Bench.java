package dev.heddle.bench.http2;

import dev.heddle.testing.Programs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "http2",
        description = "Answers gRPC calls, beside stock Helidon, grpc-java on Netty and Armeria.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class Http2Bench implements Callable<Integer> {
    private static final int MAX_SECONDS = 20;
    private static final int MAX_ROUNDS = 99;

    /// The first time, in which the compiler meets what serves a workload.
    private static final Duration FIRST_WARM_UP = Duration.ofSeconds(10);

    private static final Duration WARM_UP = Duration.ofSeconds(3);

    @Option(
            names = "--servers",
            split = ",",
            paramLabel = "NAME",
            converter = KindConverter.class,
            description = "The servers to compare.")
    private List<ServerKind> servers = List.of(ServerKind.values());

    @Option(
            names = "--workload",
            split = ",",
            paramLabel = "NAME",
            converter = WorkloadConverter.class,
            description = "The calls to make.")
    private List<Workload> workloads = Workload.ALL;

    @Option(
            names = "--shape",
            split = ",",
            paramLabel = "CxM",
            converter = ShapeConverter.class,
            description = "Connections, and calls at once on each.")
    private List<Shape> shapes = List.of(new Shape(16, 16), new Shape(64, 1), new Shape(1, 64));

    @Option(names = "--rounds", paramLabel = "N", description = "How often each is measured.")
    private int rounds = 5;

    @Option(names = "--seconds", paramLabel = "N", description = "How long each time.")
    private int seconds = 2;

    @Option(
            names = "--quick",
            description = "The first shape, the smallest calls and streams, three rounds of 1 s.")
    private boolean isQuick;

    @Option(
            names = "--profile",
            arity = "0..1",
            paramLabel = "NAME",
            fallbackValue = "heddle",
            converter = KindConverter.class,
            showDefaultValue = Visibility.NEVER,
            description = "Profiles one server instead: where its time goes and what it allocates.")
    private Optional<ServerKind> profiled = Optional.empty();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where logs, requests and profiles go.")
    private Path data = Path.of("target", "bench", "http2");

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException, FailedException {
        check("--seconds", seconds, MAX_SECONDS);
        check("--rounds", rounds, MAX_ROUNDS);
        if (isQuick) {
            shapes = shapes.subList(0, 1);
            workloads = List.of(Workload.of("unary-60"), Workload.of("stream-1000x100"));
            rounds = 3;
            seconds = 1;
        }
        Files.createDirectories(data);
        if (Programs.folder("h2load").isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "no h2load on the PATH (apt-get install nghttp2-client, brew install nghttp2)");
            return ExitCode.SOFTWARE;
        }
        var load = new H2load(data);
        var out = spec.commandLine().getOut();
        if (profiled.isPresent()) {
            profile(profiled.get(), load, out);
            return ExitCode.OK;
        }
        return compare(load, out) ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void check(String option, int value, int max) {
        if (value < 1 || value > max) {
            throw new ParameterException(
                    spec.commandLine(), "%s: %d (expected: 1 to %d)".formatted(option, value, max));
        }
    }

    private boolean compare(H2load load, PrintWriter out) throws IOException, InterruptedException {
        var isGood = true;
        try (var contenders = new Contenders()) {
            for (var kind : servers) {
                contenders.add(new Contender(kind, data, load));
            }
            for (var workload : workloads) {
                var warmUp = FIRST_WARM_UP;
                for (var shape : shapes) {
                    isGood &=
                            new Contest(workload, shape, contenders.all(), out)
                                    .run(warmUp, rounds, Duration.ofSeconds(seconds));
                    warmUp = WARM_UP;
                }
            }
        }
        return isGood;
    }

    private void profile(ServerKind kind, H2load load, PrintWriter out)
            throws IOException, InterruptedException, FailedException {
        try (var contender = new Contender(kind, data, load)) {
            for (var workload : workloads) {
                var file = data.resolve("%s-%s.jfr".formatted(kind, workload));
                var shape = shapes.getFirst();
                out.printf("%n%s: %s, %s: warming up%n", kind, workload, shape);
                out.flush();
                var calls = (long) (contender.warmUp(workload, shape, FIRST_WARM_UP) * 10);
                contender.process().startProfile();
                var sample = contender.measure(workload, shape, Math.max(calls, shape.calls()));
                contender.process().endProfile(file);
                out.printf(
                        "%,.0f calls/s, %,.1f us CPU/call, %,.0f B/call%n",
                        sample.perSecond(), sample.cpuMicros(), sample.allocatedBytes());
                Profile.of(file).print(out);
                out.printf("%nAll of it is in %s.%n", file);
            }
        }
    }

    /// The servers, all of which end with it.
    private static final class Contenders implements AutoCloseable {
        private final List<Contender> all = new ArrayList<>();

        void add(Contender contender) {
            all.add(contender);
        }

        List<Contender> all() {
            return all;
        }

        @Override
        public void close() {
            all.forEach(Contender::close);
        }
    }

    /// Reads a value of the command line.
    private abstract static class Converter<T> implements ITypeConverter<T> {
        private final Function<String, T> reader;

        Converter(Function<String, T> reader) {
            this.reader = reader;
        }

        @Override
        public T convert(String value) {
            try {
                return reader.apply(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    private static final class KindConverter extends Converter<ServerKind> {
        KindConverter() {
            super(ServerKind::of);
        }
    }

    private static final class WorkloadConverter extends Converter<Workload> {
        WorkloadConverter() {
            super(Workload::of);
        }
    }

    private static final class ShapeConverter extends Converter<Shape> {
        ShapeConverter() {
            super(Shape::of);
        }
    }
}
