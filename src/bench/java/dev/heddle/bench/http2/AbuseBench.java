package dev.heddle.bench.http2;

import dev.heddle.testing.RawHttp2;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// How long the calls of a client take while another abuses HTTP/2, beside the same without.
@Command(
        name = "abuse",
        description = "Calls beside a client that abuses HTTP/2, and without it.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class AbuseBench implements Callable<Integer> {
    private static final double TARGET = 3;
    private static final Duration BETWEEN_CALLS = Duration.ofMillis(1);
    private static final Duration BETWEEN_ATTACKS = Duration.ofMillis(100);
    private static final Duration WARM_UP = Duration.ofSeconds(5);

    @Option(names = "--seconds", paramLabel = "N", description = "How long each time.")
    private int seconds = 4;

    @Option(names = "--data", paramLabel = "DIR", description = "Where the server's log goes.")
    private Path data = Path.of("target", "bench", "http2");

    @Spec private CommandSpec spec = CommandSpec.create();

    private volatile boolean attacks;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Files.createDirectories(data);
        var out = spec.commandLine().getOut();
        try (var server = new ServerProcess(ServerKind.HEDDLE, data)) {
            latencies(server.port(), WARM_UP);
            out.printf("  %-20s %10s %10s %10s  p99 to p99%n", "", "calls", "p50", "p99");
            for (var abuse : Abuse.values()) {
                measure(server.port(), abuse, out);
            }
        }
        return ExitCode.OK;
    }

    private void measure(int port, Abuse abuse, PrintWriter out)
            throws IOException, InterruptedException {
        var alone = latencies(port, Duration.ofSeconds(seconds));
        attacks = true;
        var attacker = Thread.ofPlatform().name("attacker").start(() -> attack(port, abuse));
        var beside = latencies(port, Duration.ofSeconds(seconds));
        attacks = false;
        attacker.join();
        var ratio = (double) percentile(beside, 99) / percentile(alone, 99);
        out.printf(
                "  %-20s %,10d %7d us %7d us  %.2f: target %.0f %s%n",
                abuse,
                beside.length,
                percentile(beside, 50),
                percentile(beside, 99),
                ratio,
                TARGET,
                ratio <= TARGET ? "met" : "missed");
        out.flush();
    }

    private void attack(int port, Abuse abuse) {
        while (attacks) {
            try (var client = RawHttp2.open(port)) {
                abuse.commit(client);
            } catch (IOException _) {
                // The server has cut it off, as it should; here comes the next.
            }
            LockSupport.parkNanos(BETWEEN_ATTACKS.toNanos());
        }
    }

    /// Makes calls, one after the other.
    ///
    /// @return how long each took, in microseconds, the shortest first
    private static long[] latencies(int port, Duration duration) throws IOException {
        var workload = Workload.of("unary-60");
        var body = workload.requestBody();
        var taken = new long[(int) (duration.toMillis() * 2)];
        var count = 0;
        var end = System.nanoTime() + duration.toNanos();
        try (var client = RawHttp2.open(port)) {
            for (var id = 1; System.nanoTime() < end && count < taken.length; id += 2) {
                var stream = id;
                var start = System.nanoTime();
                client.send(RawHttp2.call(id, workload.path()), RawHttp2.data(id, true, body));
                client.await(frame ->
                        frame.stream() == stream
                                && frame.is(RawHttp2.HEADERS)
                                && frame.has(RawHttp2.END_STREAM));
                taken[count++] = (System.nanoTime() - start) / 1000;
                client.send(RawHttp2.windowUpdate(0, (int) workload.responseLength()));
                LockSupport.parkNanos(BETWEEN_CALLS.toNanos());
            }
        }
        var sorted = Arrays.copyOf(taken, count);
        Arrays.sort(sorted);
        return sorted;
    }

    private static long percentile(long[] sorted, int percent) {
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }
}
