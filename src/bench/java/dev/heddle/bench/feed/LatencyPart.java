package dev.heddle.bench.feed;

import dev.heddle.bench.BenchGateway;
import dev.heddle.bench.Load;
import dev.heddle.bench.feed.Figures.Figure;
import dev.heddle.bench.feed.Figures.Target;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/// How long events take from when they are due to be published until a subscriber to server-sent
/// events has them.
final class LatencyPart {
    private static final Duration WARM_UP = Duration.ofSeconds(15);
    private static final int READERS = 150;
    private static final int STALLED = 50;
    private static final int ROUNDS = 3;
    private static final int SLOW_RATE = 300;

    private final BenchGateway gateway;
    private final Duration duration;

    LatencyPart(BenchGateway gateway, Duration duration) {
        this.gateway = gateway;
        this.duration = duration;
    }

    private record Measured(
            double perSecond, double cpuMicrosEach, Histogram arrival, Histogram commit) {
        double p99() {
            return Figures.millis(arrival, 99);
        }
    }

    void latency(Figures figures) throws IOException, InterruptedException {
        figures.title("Publish to one subscriber over SSE, 3,000 events/s, one a transaction");
        var measured = measure("bench.latency", Crowd.Size.of(1), 3000);
        print(figures, "arrival", measured, Optional.of(Target.atMost(20)), atCommit(measured));
    }

    void crowd(Figures figures) throws IOException, InterruptedException {
        figures.title("1,000 subscribers over SSE, 100 events/s");
        var one = measure("bench.one", Crowd.Size.of(1), 100);
        var all = measure("bench.crowd", Crowd.Size.of(1000), 100);
        print(figures, "1 subscriber", one, Optional.empty(), atCommit(one));
        print(
                figures,
                "1,000 subscribers",
                all,
                Optional.of(Target.atMost(50)),
                "%.2f of 1 subscriber".formatted(all.p99() / one.p99()));
    }

    void slow(Figures figures) throws IOException, InterruptedException {
        figures.title(
                "%d subscribers over SSE, without and with %d more that don't read, %d events/s"
                        .formatted(READERS, STALLED, SLOW_RATE));
        var heapBefore = heap();
        var ratios = new ArrayList<Double>();
        for (var i = 0; i < ROUNDS; i++) {
            var alone = measure("bench.alone", Crowd.Size.of(READERS), SLOW_RATE);
            var beside =
                    measure("bench.beside", new Crowd.Size(READERS, STALLED, READERS), SLOW_RATE);
            print(figures, "without", alone, Optional.empty(), atCommit(alone));
            var ratio = beside.p99() / alone.p99();
            print(figures, "with", beside, Optional.empty(), "%.2f of without".formatted(ratio));
            ratios.add(ratio);
        }
        figures.note("p99 with by p99 without, the median: %.2f".formatted(Load.median(ratios)));
        figures.note("heap grew by %.1f MB meanwhile".formatted((heap() - heapBefore) / 1e6));
    }

    private Measured measure(String topic, Crowd.Size size, int perSecond)
            throws IOException, InterruptedException {
        try (var crowd = Crowd.subscribe(gateway, Framing.SSE, topic, size);
                var publisher = Publisher.start(gateway, topic, perSecond)) {
            Thread.sleep(WARM_UP);
            crowd.reset();
            publisher.reset();
            var start = System.nanoTime();
            var cpu = Figures.cpuNanos();
            Thread.sleep(duration);
            var progress = crowd.progress();
            var seconds = (System.nanoTime() - start) / 1e9;
            var cpuMicros = (Figures.cpuNanos() - cpu) / 1e3;
            return new Measured(
                    progress.all() / seconds,
                    cpuMicros / progress.all(),
                    crowd.nanos(),
                    publisher.nanos());
        }
    }

    private static String atCommit(Measured measured) {
        return "%.2f of commit (p99 %.2f ms)"
                .formatted(
                        measured.p99() / Figures.millis(measured.commit(), 99),
                        Figures.millis(measured.commit(), 99));
    }

    private static void print(
            Figures figures, String name, Measured measured, Optional<Target> p99, String base) {
        figures.print(new Figure(name, measured.p99(), "ms p99", p99, base, measured.arrival()));
        figures.note(
                "%,.0f deliveries/s, of which each took %.1f us of the gateway's and the publisher's CPU"
                        .formatted(measured.perSecond(), measured.cpuMicrosEach()));
    }

    private static long heap() {
        var memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }
}
