package dev.heddle.bench;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.HdrHistogram.Histogram;

/// Some ways to do the same, measured in turns, each held against the last of them: the base.
///
/// @param title what they do
/// @param unit what is counted
/// @param target the ratio to the base that the others should reach
/// @param sides the ways; the last is the base
record Comparison(String title, String unit, double target, List<Side> sides) {
    private static final int ROUNDS = 3;
    private static final double NANOS_PER_MILLI = 1e6;

    /// Of fewer calls there are no percentiles.
    private static final int FEW = 100;

    /// One way to do it.
    ///
    /// @param works one for each thread
    record Side(String name, List<Load.Work> works) {}

    private record Measured(List<Double> perSecond, Histogram nanos) {
        Measured() {
            this(new ArrayList<>(), new Histogram(3));
        }

        void add(Load.Result result) {
            perSecond.add(result.perSecond());
            nanos.add(result.nanos());
        }

        double ratio(Measured base) {
            var ratios = new ArrayList<Double>();
            for (var round = 0; round < perSecond.size(); round++) {
                ratios.add(perSecond.get(round) / base.perSecond.get(round));
            }
            return Load.median(ratios);
        }
    }

    /// Runs it and prints, for each side, the median of the rounds' ratios to the base, of its rows
    /// a second, and how long its calls took over all rounds.
    ///
    /// @param round how long each side runs in a round
    /// @param warmUp how long each side runs before, unmeasured
    void run(Duration round, Duration warmUp, PrintWriter out)
            throws InterruptedException, ExecutionException {
        out.printf("%n%s: %s%n  warming up%n", title, unit);
        for (var side : sides) {
            var _ = Load.run(side.works(), warmUp);
        }
        var measured = sides.stream().map(_ -> new Measured()).toList();
        for (var number = 1; number <= ROUNDS; number++) {
            out.printf("  round %d of %d:", number, ROUNDS);
            for (var i = 0; i < sides.size(); i++) {
                var result = Load.run(sides.get(i).works(), round);
                measured.get(i).add(result);
                out.printf("  %s %,.0f", sides.get(i).name(), result.perSecond());
            }
            out.println();
        }
        for (var i = 0; i < sides.size(); i++) {
            print(sides.get(i), measured.get(i), measured.getLast(), out);
        }
    }

    private void print(Side side, Measured measured, Measured base, PrintWriter out) {
        var ratio = measured.ratio(base);
        out.printf(
                "  %6.2f  %-20s %,10.0f %s%s%s%n",
                ratio,
                side.name(),
                Load.median(measured.perSecond()),
                unit,
                percentiles(measured.nanos()),
                side.equals(sides.getLast()) ? "" : verdict(ratio));
    }

    private static String percentiles(Histogram nanos) {
        return nanos.getTotalCount() < FEW
                ? ""
                : "  p50 %,.2f ms  p99 %,.2f ms"
                        .formatted(
                                nanos.getValueAtPercentile(50) / NANOS_PER_MILLI,
                                nanos.getValueAtPercentile(99) / NANOS_PER_MILLI);
    }

    private String verdict(double ratio) {
        return "  target %s, %s".formatted(target, ratio >= target ? "met" : "missed");
    }
}
