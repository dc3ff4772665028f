package dev.heddle.bench.feed;

import dev.heddle.bench.BenchGateway;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/// Subscribers of a topic, in a process of their own: [CrowdProcess].
final class Crowd implements AutoCloseable {
    static final String RESET = "reset";
    static final String PROGRESS = "progress";
    static final String HISTOGRAM = "histogram";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long PAUSE_NANOS = 20_000_000;

    private final BenchGateway gateway;
    private final String topic;
    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter orders;

    /// Who they are.
    ///
    /// @param readers how many take what comes
    /// @param stalled how many take nothing
    /// @param sampled of how many readers every event is looked at; of the others bytes are counted
    record Size(int readers, int stalled, int sampled) {
        static Size of(int readers) {
            return new Size(readers, 0, readers);
        }
    }

    /// What has come since the last reset.
    ///
    /// @param all to all readers
    /// @param fewest to the reader who had the fewest
    record Progress(double all, double fewest, long bytes) {}

    private Crowd(BenchGateway gateway, String topic, Process process) {
        this.gateway = gateway;
        this.topic = topic;
        this.process = process;
        this.answers = process.inputReader();
        this.orders = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
    }

    /// Subscribes, and returns when everybody has had an event.
    static Crowd subscribe(BenchGateway gateway, Framing framing, String topic, Size size)
            throws IOException {
        var process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElse("java"),
                                "-Xmx512m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                CrowdProcess.class.getName(),
                                Integer.toString(gateway.port()),
                                gateway.token(),
                                framing.name(),
                                topic,
                                Integer.toString(size.readers()),
                                Integer.toString(size.stalled()),
                                Integer.toString(size.sampled()))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        var crowd = new Crowd(gateway, topic, process);
        try {
            crowd.awaitAll(1);
            return crowd;
        } catch (IOException | RuntimeException e) {
            crowd.close();
            throw e;
        }
    }

    /// Publishes until everybody has had so many events.
    void awaitAll(int count) throws IOException {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (progress().fewest() < count) {
            if (System.nanoTime() > end) {
                throw new IOException("subscribers have had no event");
            }
            gateway.database()
                    .transaction(_ -> {
                        gateway.feed().publish(Stamp.event(topic, System.nanoTime()));
                        return topic;
                    });
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    void reset() throws IOException {
        var _ = ask(RESET);
    }

    Progress progress() throws IOException {
        var numbers = ask(PROGRESS).split(" ", -1);
        return new Progress(
                Double.parseDouble(numbers[0]),
                Double.parseDouble(numbers[1]),
                Long.parseLong(numbers[2]));
    }

    /// How long events took from their stamp to those who look at each.
    Histogram nanos() throws IOException {
        try {
            var encoded = Base64.getDecoder().decode(ask(HISTOGRAM));
            return Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(encoded), 0);
        } catch (DataFormatException e) {
            throw new IOException("no histogram", e);
        }
    }

    private String ask(String order) throws IOException {
        orders.println(order);
        var answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the subscribers have failed");
        }
        return answer;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
