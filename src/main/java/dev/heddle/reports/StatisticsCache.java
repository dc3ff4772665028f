package dev.heddle.reports;

import com.google.protobuf.util.Durations;
import dev.heddle.async.CpuPool;
import dev.heddle.async.SingleFlightCache;
import dev.heddle.db.Database;
import dev.heddle.db.Times;
import dev.heddle.feed.Feed;
import dev.heddle.feed.FreshCache;
import dev.heddle.reports.v1.Series;
import dev.heddle.reports.v1.Statistics;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Keeps the statistics of each report until what they are about has changed. Values are read as
/// they come from the database, and computed with where processors are for that.
final class StatisticsCache {
    private final Database database;
    private final CpuPool processors;
    private final Clock clock;
    private final int maxValues;
    private final FreshCache<Kind, Statistics> kept;
    private final StatisticsStore store = new StatisticsStore();
    private final AtomicLong computations = new AtomicLong();

    /// @param maxValues how many values there may be
    /// @param timeToLive how long statistics are kept at most
    /// @param timeout how long it may take to read and to compute
    StatisticsCache(
            Database database,
            Feed feed,
            CpuPool processors,
            Clock clock,
            int maxValues,
            Duration timeToLive,
            Duration timeout) {
        this.database = database;
        this.processors = processors;
        this.clock = clock;
        this.maxValues = maxValues;
        this.kept =
                new FreshCache<>(
                        "statistics",
                        feed,
                        new SingleFlightCache.Settings(timeToLive, Kind.values().length, timeout));
    }

    /// The statistics of all that was committed before this was called.
    Statistics get(Kind kind) {
        var cached = kept.get(kind, kind.topics(), () -> compute(kind));
        return cached.value().toBuilder()
                .setCached(cached.cached())
                .setAge(Durations.fromNanos(cached.age().toNanos()))
                .build();
    }

    /// How often statistics were computed.
    long computations() {
        return computations.get();
    }

    private Statistics compute(Kind kind) {
        computations.incrementAndGet();
        var start = System.nanoTime();
        var time = Times.now(clock);
        var samples =
                database.snapshot(db -> {
                    var read = new Samples(maxValues);
                    store.forEach(db, kind, read::add);
                    return read;
                });
        var series = processors.run("statistics of " + kind.text(), () -> summarize(samples));
        return Statistics.newBuilder()
                .setKind(kind.text())
                .addAllSeries(series)
                .setReadTime(time)
                .setDuration(Durations.fromNanos(System.nanoTime() - start))
                .build();
    }

    private static List<Series> summarize(Samples samples) {
        return samples.series().entrySet().stream()
                .map(series ->
                        Summary.of(
                                series.getKey(), series.getValue().all(), series.getValue().days()))
                .toList();
    }
}
