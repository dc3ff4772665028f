package dev.heddle.bench.feed;

import com.sun.management.OperatingSystemMXBean;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/// Prints what was measured, each figure with what it should be, its ratio to a base of the same
/// run, and how long things took. The machine's load goes with it: it is the average of the last
/// minute and has the benchmark itself in it.
final class Figures {
    private static final double NANOS_PER_MILLI = 1e6;

    private final PrintWriter out;

    Figures(PrintWriter out) {
        this.out = out;
    }

    /// What a figure should be.
    ///
    /// @param isUpper whether it should be no more than this, rather than no less
    record Target(double bound, boolean isUpper) {
        static Target atLeast(double bound) {
            return new Target(bound, false);
        }

        static Target atMost(double bound) {
            return new Target(bound, true);
        }

        String verdict(double value) {
            var isMet = isUpper ? value <= bound : value >= bound;
            return "target %s %,.0f, %s"
                    .formatted(isUpper ? "<=" : ">=", bound, isMet ? "met" : "MISSED");
        }
    }

    /// A figure.
    ///
    /// @param base what it is held against, and the ratio to that
    record Figure(
            String name,
            double value,
            String unit,
            Optional<Target> target,
            String base,
            Histogram nanos) {}

    static double millis(Histogram nanos, double percentile) {
        return nanos.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
    }

    void title(String title) {
        out.printf("%n%s (load %.1f)%n", title, load());
        out.flush();
    }

    void note(String note) {
        out.printf("  %s%n", note);
        out.flush();
    }

    void print(Figure figure) {
        out.printf(
                "  %-26s %,12.1f %-14s %-28s %-34s p50 %,.2f ms  p99 %,.2f ms  load %.1f%n",
                figure.name(),
                figure.value(),
                figure.unit(),
                figure.target().map(target -> target.verdict(figure.value())).orElse(""),
                figure.base(),
                millis(figure.nanos(), 50),
                millis(figure.nanos(), 99),
                load());
        out.flush();
    }

    /// What this process, the gateway and the publisher in it, has used so far.
    static long cpuNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
