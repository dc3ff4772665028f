package dev.heddle.bench.http2;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// One workload in one shape, measured on all servers in turns.
final class Contest {
    private static final double STOCK_TARGET = 2;

    private final Workload workload;
    private final Shape shape;
    private final List<Entrant> entrants;
    private final PrintWriter out;

    Contest(Workload workload, Shape shape, List<Contender> contenders, PrintWriter out) {
        this.workload = workload;
        this.shape = shape;
        this.entrants = contenders.stream().map(Entrant::new).toList();
        this.out = out;
    }

    /// A server and what came of it.
    private static final class Entrant {
        final Contender contender;
        final Series series = new Series();
        double perSecond;
        Optional<FailedException> failure = Optional.empty();

        Entrant(Contender contender) {
            this.contender = contender;
        }

        ServerKind kind() {
            return contender.kind();
        }
    }

    /// What is to be done with one server.
    @FunctionalInterface
    private interface Turn {
        /// Does it.
        ///
        /// @return how many calls it served a second
        double take(Entrant entrant) throws IOException, InterruptedException, FailedException;
    }

    /// Runs it and prints what each server achieved.
    ///
    /// @param round how long each server is measured in each round
    /// @return whether every server answered every call
    boolean run(Duration warmUp, int rounds, Duration round)
            throws IOException, InterruptedException {
        out.printf("%n%s, %s (connections x calls at once): calls/s%n", workload, shape);
        turns("warm-up", entrant -> warmUp(entrant, warmUp));
        for (var number = 1; number <= rounds; number++) {
            turns("round %d of %d".formatted(number, rounds), entrant -> measure(entrant, round));
        }
        out.printf(
                "  %-10s %9s %12s %12s  %-20s %s%n",
                "", "calls/s", "CPU/call", "bytes/call", "of grpc-java", "of stock");
        entrants.forEach(this::print);
        print(ServerKind.GRPC_JAVA, workload.target());
        print(ServerKind.STOCK, STOCK_TARGET);
        out.flush();
        return entrants.stream().allMatch(entrant -> entrant.failure.isEmpty());
    }

    private void turns(String name, Turn turn) throws IOException, InterruptedException {
        out.printf("  %s:", name);
        for (var entrant : entrants) {
            if (entrant.failure.isEmpty()) {
                out.printf("  %s", entrant.kind());
                out.flush();
                take(turn, entrant);
            }
        }
        out.println();
    }

    private void take(Turn turn, Entrant entrant) throws IOException, InterruptedException {
        try {
            out.printf(" %,.0f", turn.take(entrant));
        } catch (FailedException e) {
            out.print(" FAILED");
            entrant.failure = Optional.of(e);
            entrant.contender.restart();
        }
        out.flush();
    }

    private double warmUp(Entrant entrant, Duration duration)
            throws IOException, InterruptedException, FailedException {
        entrant.perSecond = entrant.contender.warmUp(workload, shape, duration);
        return entrant.perSecond;
    }

    private double measure(Entrant entrant, Duration round)
            throws IOException, InterruptedException, FailedException {
        var calls = Math.max(shape.calls(), (long) (entrant.perSecond * round.toSeconds()));
        var sample = entrant.contender.measure(workload, shape, calls);
        entrant.series.add(sample);
        return sample.perSecond();
    }

    private void print(Entrant entrant) {
        if (entrant.failure.isPresent()) {
            out.printf("  %-10s FAILED: %s%n", entrant.kind(), entrant.failure.get().getMessage());
            return;
        }
        out.printf(
                "  %-10s %,9.0f %,9.1f us %,12.0f  %-20s %s%n",
                entrant.kind(),
                entrant.series.median(Sample::perSecond),
                entrant.series.median(Sample::cpuMicros),
                entrant.series.median(Sample::allocatedBytes),
                ratio(entrant, ServerKind.GRPC_JAVA).map(Spread::toString).orElse(""),
                ratio(entrant, ServerKind.STOCK).map(Spread::toString).orElse(""));
    }

    /// Whether Heddle reaches what it should of another.
    private void print(ServerKind base, double target) {
        entrants.stream()
                .filter(entrant -> entrant.kind() == ServerKind.HEDDLE)
                .flatMap(heddle -> ratio(heddle, base).stream())
                .forEach(ratio ->
                        out.printf(
                                "  target %s of %s: %s%n",
                                target, base, ratio.median() >= target ? "met" : "missed"));
    }

    private Optional<Spread> ratio(Entrant entrant, ServerKind base) {
        return entrants.stream()
                .filter(other -> other.kind() == base && other != entrant)
                .filter(other -> other.failure.isEmpty() && entrant.failure.isEmpty())
                .map(other -> entrant.series.ratio(other.series))
                .findFirst();
    }
}
