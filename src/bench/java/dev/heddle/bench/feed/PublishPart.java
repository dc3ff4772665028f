package dev.heddle.bench.feed;

import dev.heddle.bench.BenchGateway;
import dev.heddle.bench.Connections;
import dev.heddle.bench.Load;
import dev.heddle.bench.feed.Figures.Figure;
import dev.heddle.bench.feed.Figures.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.HdrHistogram.Histogram;

/// How many events a second can be published until a reader has all of them, beside the rows a
/// second that go into a table that nobody reads.
final class PublishPart {
    private static final String TOPIC = "bench.publish";
    private static final int TEN = 10;
    private static final int ROUNDS = 3;
    private static final Duration WARM_UP = Duration.ofSeconds(6);

    private final BenchGateway gateway;
    private final int threads;
    private final Duration round;

    PublishPart(BenchGateway gateway, int threads, Duration round) {
        this.gateway = gateway;
        this.threads = threads;
        this.round = round;
    }

    /// A way to publish.
    ///
    /// @param works one for each thread
    /// @param base of the ways, which one this is held against
    private record Side(
            String name, List<Load.Work> works, Load.End end, int base, Optional<Target> target) {}

    private record Measured(List<Double> perSecond, Histogram nanos) {
        Measured() {
            this(new ArrayList<>(), new Histogram(3));
        }

        double ratio(Measured base) {
            var ratios = new ArrayList<Double>();
            for (var i = 0; i < perSecond.size(); i++) {
                ratios.add(perSecond.get(i) / base.perSecond.get(i));
            }
            return Load.median(ratios);
        }
    }

    void run(Figures figures) throws Exception {
        figures.title("Events published until received, %d threads".formatted(threads));
        try (var connections = new Connections();
                var reader = CountingReader.start(gateway.feed(), TOPIC)) {
            var sides = sides(connections, reader);
            for (var side : sides) {
                var _ = Load.run(side.works(), WARM_UP, side.end());
            }
            var measured = sides.stream().map(_ -> new Measured()).toList();
            for (var i = 0; i < ROUNDS; i++) {
                round(sides, measured, figures);
            }
            for (var i = 0; i < sides.size(); i++) {
                var base = sides.get(i).base();
                print(figures, sides.get(i), measured.get(i), sides.get(base), measured.get(base));
            }
        }
    }

    private List<Side> sides(Connections connections, CountingReader reader) throws Exception {
        var one = new ArrayList<Load.Work>();
        var ten = new ArrayList<Load.Work>();
        for (var i = 0; i < threads; i++) {
            var jdbc = connections.add(new JdbcEvents(gateway.connect()));
            one.add(() -> jdbc.insert(1));
            ten.add(() -> jdbc.insert(TEN));
        }
        var grpc = connections.add(new GrpcEvents(gateway.port(), gateway.token(), TOPIC));
        Load.End nothing = () -> {};
        return List.of(
                new Side("JDBC INSERT, one", one, nothing, 0, Optional.empty()),
                side("one a transaction", () -> publish(1), reader, 0, 14_000),
                new Side("JDBC INSERT, ten", ten, nothing, 2, Optional.empty()),
                side("ten a transaction", () -> publish(TEN), reader, 2, 36_000),
                side("gRPC Publish", () -> grpc.publish(), reader, 1, 0),
                side("gRPC BatchPublish, ten", () -> grpc.publish(TEN), reader, 3, 0));
    }

    private Side side(String name, Load.Work work, CountingReader reader, int base, int target) {
        return new Side(
                name,
                Collections.nCopies(threads, () -> reader.expect(work.run())),
                reader::awaitAll,
                base,
                Optional.of(Target.atLeast(target)).filter(bound -> bound.bound() > 0));
    }

    private long publish(int count) {
        return gateway.database()
                .transaction(_ -> {
                    for (var i = 0; i < count; i++) {
                        gateway.feed().publish(Stamp.event(TOPIC, System.nanoTime()));
                    }
                    return (long) count;
                });
    }

    private void round(List<Side> sides, List<Measured> measured, Figures figures)
            throws InterruptedException, ExecutionException {
        var line = new StringBuilder("round:");
        for (var i = 0; i < sides.size(); i++) {
            var result = Load.run(sides.get(i).works(), round, sides.get(i).end());
            measured.get(i).perSecond().add(result.perSecond());
            measured.get(i).nanos().add(result.nanos());
            line.append("  %s %,.0f".formatted(sides.get(i).name(), result.perSecond()));
        }
        figures.note(line + "  load %.1f".formatted(Figures.load()));
    }

    private static void print(
            Figures figures, Side side, Measured measured, Side base, Measured baseMeasured) {
        figures.print(
                new Figure(
                        side.name(),
                        Load.median(measured.perSecond()),
                        "events/s",
                        side.target(),
                        "%.2f of %s".formatted(measured.ratio(baseMeasured), base.name()),
                        measured.nanos()));
    }
}
