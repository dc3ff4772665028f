package dev.heddle.reports;

import dev.heddle.reports.v1.Series;
import dev.heddle.rpc.Task;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;

/// Computes the statistics of a series. It looks every now and then whether anybody still wants
/// them.
final class Summary {
    private static final double[] SHARES = {0.05, 0.25, 0.5, 0.75, 0.95, 0.99};
    private static final int BUCKETS = 20;
    private static final int CHUNK = 1 << 14;

    private Summary() {}

    /// The statistics of values.
    ///
    /// @param values at least one; they are sorted
    /// @param days what was added on each day since 1970
    static Series of(String name, double[] values, SortedMap<Long, Double> days) {
        var moments = Moments.of(values);
        Arrays.sort(values);
        var series =
                Series.newBuilder()
                        .setName(name)
                        .setCount(values.length)
                        .setMin(values[0])
                        .setMax(values[values.length - 1])
                        .setMean(moments.mean())
                        .setStandardDeviation(moments.standardDeviation())
                        .addAllHistogram(histogram(values))
                        .setTrend(trend(days));
        for (var share : SHARES) {
            series.addQuantiles(
                    Series.Quantile.newBuilder().setShare(share).setValue(quantile(values, share)));
        }
        return series.build();
    }

    /// Mean and deviation in one pass, by Welford's method, which loses nothing where values are
    /// large and close together.
    private record Moments(double mean, double standardDeviation) {
        static Moments of(double[] values) {
            var mean = 0.0;
            var squares = 0.0;
            for (var i = 0; i < values.length; i++) {
                if (i % CHUNK == 0) {
                    checkWanted();
                }
                var before = values[i] - mean;
                mean += before / (i + 1);
                squares += before * (values[i] - mean);
            }
            return new Moments(mean, Math.sqrt(squares / values.length));
        }
    }

    /// By linear interpolation between the two nearest (type 7 of Hyndman and Fan).
    ///
    /// @param sorted at least one value
    static double quantile(double[] sorted, double share) {
        var place = share * (sorted.length - 1);
        var lower = (int) place;
        var upper = Math.min(lower + 1, sorted.length - 1);
        return sorted[lower] + (place - lower) * (sorted[upper] - sorted[lower]);
    }

    private static List<Series.Bucket> histogram(double[] sorted) {
        var min = sorted[0];
        var max = sorted[sorted.length - 1];
        var count = min == max ? 1 : BUCKETS;
        var width = (max - min) / count;
        var counts = new long[count];
        for (var i = 0; i < sorted.length; i++) {
            if (i % CHUNK == 0) {
                checkWanted();
            }
            var bucket = width == 0 ? 0 : (int) ((sorted[i] - min) / width);
            counts[Math.min(bucket, count - 1)]++;
        }
        var buckets = new Series.Bucket[count];
        for (var i = 0; i < count; i++) {
            buckets[i] =
                    Series.Bucket.newBuilder()
                            .setLower(min + i * width)
                            .setUpper(i == count - 1 ? max : min + (i + 1) * width)
                            .setCount(counts[i])
                            .build();
        }
        return List.of(buckets);
    }

    /// The line by least squares through what was added each day; days without anything are zero.
    static Series.Trend trend(SortedMap<Long, Double> sums) {
        var first = sums.firstKey();
        var days = (double) (sums.lastKey() - first + 1);
        var middle = (days - 1) / 2;
        var mean = sums.values().stream().mapToDouble(Double::doubleValue).sum() / days;
        var products = 0.0;
        var squares = days * mean * mean;
        for (var day : sums.entrySet()) {
            products += (day.getKey() - first - middle) * day.getValue();
            squares += day.getValue() * day.getValue() - 2 * mean * day.getValue();
        }
        // the sum of the squares of 0 to days - 1, each less the middle
        var spread = days * (days * days - 1) / 12;
        var slope = spread == 0 ? 0 : products / spread;
        return Series.Trend.newBuilder()
                .setDays((int) Math.min(days, Integer.MAX_VALUE))
                .setMean(mean)
                .setSlope(slope)
                .setFit(squares <= 0 ? 0 : Math.min(1, slope * slope * spread / squares))
                .build();
    }

    private static void checkWanted() {
        Task.current().ifPresent(Task::check);
    }
}
