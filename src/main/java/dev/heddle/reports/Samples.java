package dev.heddle.reports;

import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/// What statistics are computed of, as it comes from the database. Bounded: a value takes eight
/// bytes.
final class Samples {
    private final int max;
    private final SortedMap<String, Values> series = new TreeMap<>();
    private int count;

    /// @param max how many values there may be
    Samples(int max) {
        this.max = max;
    }

    /// One value.
    ///
    /// @param series which series it belongs to
    /// @param day the day that it counts for, in days since 1970
    /// @param weight what it adds to that day
    record Sample(String series, double value, long day, double weight) {}

    /// The values of one series.
    static final class Values {
        private static final int FIRST_SIZE = 1024;

        private double[] values = new double[FIRST_SIZE];
        private int count;
        private final SortedMap<Long, Double> days = new TreeMap<>();

        private void add(Sample sample) {
            if (count == values.length) {
                values = Arrays.copyOf(values, count + count / 2);
            }
            values[count++] = sample.value();
            days.merge(sample.day(), sample.weight(), Double::sum);
        }

        /// All values, as they came.
        double[] all() {
            return Arrays.copyOf(values, count);
        }

        /// What was added each day, of those days on which something was.
        SortedMap<Long, Double> days() {
            return days;
        }
    }

    /// @throws RpcException FAILED_PRECONDITION, reason `TOO_MANY_VALUES`
    void add(Sample sample) {
        if (++count > max) {
            throw new RpcException(
                            Code.FAILED_PRECONDITION,
                            "more than %d values (expected: at most reports.max-values)"
                                    .formatted(max))
                    .withReason("TOO_MANY_VALUES");
        }
        series.computeIfAbsent(sample.series(), _ -> new Values()).add(sample);
    }

    /// Each series, by its name.
    SortedMap<String, Values> series() {
        return series;
    }
}
