package dev.heddle.bench;

import dev.heddle.bench.Comparison.Side;
import dev.heddle.testing.Programs;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "store",
        description =
                "Reads, exports and creates users, beside pgbench and psql. Takes PostgreSQL's client programs and h2load.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
final class StoreBench implements Callable<Integer> {
    private static final int CLIENTS = 16;
    private static final int BATCH = 1_000;

    /// Longer for the reads, in which the compiler meets the gateway for the first time.
    private static final Duration READ_WARM_UP = Duration.ofSeconds(20);

    private static final Duration WARM_UP = Duration.ofSeconds(12);

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long each side runs in each round.")
    private int seconds = 5;

    @Option(names = "--rows", paramLabel = "N", description = "How many users there are.")
    private int rows = 1_000_000;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where the database gets a folder for the time of the run.")
    private Path data = Path.of("target", "bench");

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        check("--seconds", seconds, 1, 600);
        check("--rows", rows, JdbcUsers.READ_IDS, 100_000_000);
        var out = spec.commandLine().getOut();
        var tools = PostgresTools.find();
        if (Programs.folder("h2load").isEmpty()) {
            throw new IOException(
                    "no h2load in PATH (expected: as Debian's nghttp2-client has it)");
        }
        out.println("starting PostgreSQL (fsync on) and the gateway");
        try (var gateway = BenchGateway.start(data);
                var jdbc = new JdbcUsers(gateway.connect());
                var grpc = new GrpcUsers(gateway.port(), gateway.token())) {
            load(jdbc, out);
            read(gateway, jdbc.drawIds(), tools, out);
            export(gateway, tools, out);
            create(grpc, out);
        }
        return ExitCode.OK;
    }

    private void check(String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw new ParameterException(
                    spec.commandLine(),
                    "%s: %d (expected: %d to %d)".formatted(option, value, min, max));
        }
    }

    private void load(JdbcUsers jdbc, PrintWriter out) throws Exception {
        out.printf("loading %,d users", rows);
        jdbc.load(
                rows,
                () -> {
                    out.print(" .");
                    out.flush();
                });
        out.println();
    }

    private void read(BenchGateway gateway, List<String> ids, PostgresTools tools, PrintWriter out)
            throws Exception {
        var calls = new UserCalls(gateway.port(), gateway.token(), CLIENTS);
        var sides =
                List.of(
                        side("JSON over HTTP/1.1", calls.json(ids, round())),
                        side("gRPC unary", calls.grpc(any(ids), round())),
                        side(
                                "pgbench, prepared",
                                tools.reads(gateway.postgres(), CLIENTS, round())));
        new Comparison("A user by id, %d clients".formatted(CLIENTS), "calls/s", 0.5, sides)
                .run(round(), READ_WARM_UP, out);
    }

    private void export(BenchGateway gateway, PostgresTools tools, PrintWriter out)
            throws Exception {
        var csv = new CsvExport(gateway.port(), gateway.token());
        var sides =
                List.of(
                        side("users:export", () -> complete(csv.run())),
                        side("psql, COPY", () -> complete(tools.copy(gateway.postgres()))));
        new Comparison("All %,d users as CSV".formatted(rows), "rows/s", 0.4, sides)
                .run(round(), WARM_UP, out);
    }

    private void create(GrpcUsers grpc, PrintWriter out) throws Exception {
        var sides =
                List.of(
                        side("BatchCreateUsers", () -> grpc.create(BATCH)),
                        side("CreateUser", grpc::create));
        new Comparison(
                        "New users, %,d a call and one a call".formatted(BATCH),
                        "users/s",
                        20,
                        sides)
                .run(round(), WARM_UP, out);
    }

    private long complete(long count) {
        if (count != rows) {
            throw new IllegalStateException("%d users (expected: %d)".formatted(count, rows));
        }
        return count;
    }

    private Duration round() {
        return Duration.ofSeconds(seconds);
    }

    private static Side side(String name, Load.Work work) {
        return new Side(name, List.of(work));
    }

    private static String any(List<String> ids) {
        return ids.get(ThreadLocalRandom.current().nextInt(ids.size()));
    }
}
