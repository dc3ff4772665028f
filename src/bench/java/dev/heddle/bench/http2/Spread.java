package dev.heddle.bench.http2;

import java.util.List;

/// What lies between the rounds, because machines are noisy.
record Spread(double min, double median, double max) {
    /// @param values at least one; of two in the middle the upper counts
    static Spread of(List<Double> values) {
        var sorted = values.stream().sorted().toList();
        return new Spread(sorted.getFirst(), sorted.get(sorted.size() / 2), sorted.getLast());
    }

    @Override
    public String toString() {
        return "%.2f (%.2f to %.2f)".formatted(median, min, max);
    }
}
