package dev.heddle.bench.http2;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// What a server did in all rounds.
record Series(List<Sample> samples) {
    Series() {
        this(new ArrayList<>());
    }

    void add(Sample sample) {
        samples.add(sample);
    }

    double median(ToDoubleFunction<Sample> value) {
        return Spread.of(samples.stream().map(value::applyAsDouble).toList()).median();
    }

    /// The ratio of calls a second to those of another server, round by round.
    Spread ratio(Series base) {
        return Spread.of(
                IntStream.range(0, samples.size())
                        .mapToObj(i -> samples.get(i).perSecond() / base.samples.get(i).perSecond())
                        .toList());
    }
}
