package dev.heddle.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.HdrHistogram.Histogram;

/// Calls made one after the other on each of some threads, for as long as a round takes.
final class Load {
    private static final double NANOS_PER_SECOND = 1e9;

    private Load() {}

    /// One call, on a connection of its thread.
    @FunctionalInterface
    interface Work {
        /// Makes the call.
        ///
        /// @return how many rows it was about
        long run() throws Exception;
    }

    /// What the threads got done.
    ///
    /// @param perSecond rows
    /// @param nanos how long each call took
    record Result(double perSecond, Histogram nanos) {}

    private record Done(long rows, Histogram nanos) {}

    /// Makes calls until a time has passed; the last ones are waited for and count.
    ///
    /// @param works one for each thread
    static Result run(List<Work> works, Duration duration)
            throws InterruptedException, ExecutionException {
        var start = System.nanoTime();
        var end = start + duration.toNanos();
        var tasks = works.stream().<Callable<Done>>map(work -> () -> repeat(work, end)).toList();
        var nanos = new Histogram(3);
        var rows = 0L;
        var threads = Thread.ofPlatform().name("bench-", 1).factory();
        try (var executor = Executors.newFixedThreadPool(works.size(), threads)) {
            for (var done : executor.invokeAll(tasks)) {
                rows += done.get().rows();
                nanos.add(done.get().nanos());
            }
        }
        return new Result(rows * NANOS_PER_SECOND / (System.nanoTime() - start), nanos);
    }

    private static Done repeat(Work work, long end) throws Exception {
        var nanos = new Histogram(3);
        var rows = 0L;
        for (var before = System.nanoTime(); before < end; ) {
            rows += work.run();
            var after = System.nanoTime();
            nanos.recordValue(after - before);
            before = after;
        }
        return new Done(rows, nanos);
    }

    /// The value in the middle, the upper one of two.
    static double median(List<Double> values) {
        var sorted = new ArrayList<>(values);
        sorted.sort(null);
        return sorted.get(sorted.size() / 2);
    }
}
