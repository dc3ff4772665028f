package dev.heddle.bench.feed;

import dev.heddle.bench.BenchGateway;
import dev.heddle.bench.feed.Figures.Figure;
import dev.heddle.bench.feed.Figures.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// How many events a second reach subscribers together, when as many are published as the slowest
/// of them can take.
final class SaturatedPart {
    private static final int SUBSCRIBERS = 200;
    private static final int BATCH = 200;

    /// How far the publisher may be ahead of the slowest: less than the gateway keeps in memory.
    private static final int AHEAD = 5000;

    private static final Duration WARM_UP = Duration.ofSeconds(8);
    private static final long PAUSE_NANOS = 2_000_000;
    private static final int BASE_BATCH = 256;

    private final BenchGateway gateway;
    private final Duration duration;

    SaturatedPart(BenchGateway gateway, Duration duration) {
        this.gateway = gateway;
        this.duration = duration;
    }

    void run(Figures figures) throws IOException {
        figures.title("%d subscribers who take what they can".formatted(SUBSCRIBERS));
        for (var framing : Framing.values()) {
            var base = FanOut.measure(framing.toString(), SUBSCRIBERS, BASE_BATCH, duration);
            measure(figures, framing, base);
        }
    }

    private void measure(Figures figures, Framing framing, FanOut.Result base) throws IOException {
        var topic = "bench.saturated." + framing;
        var size = new Crowd.Size(SUBSCRIBERS, 0, 1);
        try (var crowd = Crowd.subscribe(gateway, framing, topic, size)) {
            publish(crowd, topic, WARM_UP);
            var start = System.nanoTime();
            var cpu = Figures.cpuNanos();
            var progress = publish(crowd, topic, duration);
            var seconds = (System.nanoTime() - start) / 1e9;
            var perSecond = progress.all() / seconds;
            figures.print(
                    new Figure(
                            framing.toString(),
                            perSecond,
                            "deliveries/s",
                            framing == Framing.SSE
                                    ? Optional.of(Target.atLeast(900_000))
                                    : Optional.empty(),
                            "%.2f of FanOut's %,.0f"
                                    .formatted(perSecond / base.perSecond(), base.perSecond()),
                            crowd.nanos()));
            figures.note(
                    "%.2f us of CPU and %.0f bytes each, %.0f MB/s; FanOut %.0f bytes, %.0f MB/s"
                            .formatted(
                                    (Figures.cpuNanos() - cpu) / 1e3 / progress.all(),
                                    progress.bytes() / progress.all(),
                                    progress.bytes() / seconds / 1e6,
                                    base.bytesEach(),
                                    base.bytesEach() * base.perSecond() / 1e6));
        }
    }

    /// Publishes for a while; at the end everything has arrived.
    private Crowd.Progress publish(Crowd crowd, String topic, Duration time) throws IOException {
        crowd.reset();
        var end = System.nanoTime() + time.toNanos();
        var published = 0L;
        while (System.nanoTime() < end) {
            publish(topic);
            published += BATCH;
            await(crowd, published - AHEAD);
        }
        return await(crowd, published - 1);
    }

    /// Waits until everybody has so many events, give or take what bytes don't tell exactly.
    private static Crowd.Progress await(Crowd crowd, long count) throws IOException {
        var end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (true) {
            var progress = crowd.progress();
            if (progress.fewest() >= 0.995 * count) {
                return progress;
            }
            if (System.nanoTime() > end) {
                throw new IOException(
                        "a subscriber has had %,.0f events (expected: %,d)"
                                .formatted(progress.fewest(), count));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void publish(String topic) {
        var now = System.nanoTime();
        gateway.database()
                .transaction(_ -> {
                    for (var i = 0; i < BATCH; i++) {
                        gateway.feed().publish(Stamp.event(topic, now));
                    }
                    return topic;
                });
    }
}
