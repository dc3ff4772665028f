package dev.heddle.bench.feed;

import dev.heddle.bench.BenchGateway;
import dev.heddle.bench.feed.Figures.Figure;
import dev.heddle.bench.feed.Figures.Target;
import dev.heddle.testing.IdleStreams;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/// How much heap a subscription over server-sent events takes that has had a few events and has
/// nothing to do now, with its connection, its call, its threads and all.
final class IdlePart {
    private static final int COUNT = 10_000;
    private static final int WARM_UP_COUNT = 1000;
    private static final int WARM_UP_ROUNDS = 15;
    private static final int EVENTS = 5;

    private final BenchGateway gateway;

    IdlePart(BenchGateway gateway) {
        this.gateway = gateway;
    }

    void run(Figures figures) throws IOException {
        figures.title("%,d subscribers over SSE with nothing to do".formatted(COUNT));
        for (var i = 0; i < WARM_UP_ROUNDS; i++) {
            try (var crowd = subscribe(WARM_UP_COUNT)) {
                crowd.awaitAll(EVENTS);
            }
            awaitNoCalls();
        }
        var before = heap();
        try (var crowd = subscribe(COUNT)) {
            crowd.awaitAll(EVENTS);
            var each = (heap() - before) / (double) COUNT;
            var base = IdleStreams.measure(WARM_UP_COUNT, WARM_UP_ROUNDS).bytesEach();
            figures.print(
                    new Figure(
                            "heap each",
                            each / 1000,
                            "KB",
                            Optional.of(Target.atMost(20)),
                            "%.2f of a stream without feed".formatted(each / base),
                            new Histogram(3)));
        }
    }

    private Crowd subscribe(int count) throws IOException {
        return Crowd.subscribe(gateway, Framing.SSE, "bench.idle", Crowd.Size.of(count));
    }

    private void awaitNoCalls() {
        while (gateway.activeCalls() > 0) {
            Thread.onSpinWait();
        }
    }

    private static long heap() {
        var memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }
}
