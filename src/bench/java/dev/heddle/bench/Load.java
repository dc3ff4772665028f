package dev.heddle.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.HdrHistogram.Histogram;

/// Calls made one after the other on each of some threads, for as long as a round takes.
public final class Load {
    private static final double NANOS_PER_SECOND = 1e9;

    private Load() {}

    /// One call, on a connection of its thread.
    @FunctionalInterface
    public interface Work {
        /// Makes the call.
        ///
        /// @return how many rows it was about
        long run() throws Exception;
    }

    /// Something that has to come to its end.
    @FunctionalInterface
    public interface End {
        void await() throws InterruptedException;
    }

    /// What the threads got done.
    ///
    /// @param perSecond rows
    /// @param nanos how long each call took
    public record Result(double perSecond, Histogram nanos) {}

    private record Done(long rows, Histogram nanos) {}

    /// Makes calls until a time has passed; the last ones are waited for and count.
    ///
    /// @param works one for each thread
    public static Result run(List<Work> works, Duration duration)
            throws InterruptedException, ExecutionException {
        return run(works, duration, () -> {});
    }

    /// The same where the work is done only when something else has come to its end, too.
    ///
    /// @param end waits for that
    public static Result run(List<Work> works, Duration duration, End end)
            throws InterruptedException, ExecutionException {
        var start = System.nanoTime();
        var stop = start + duration.toNanos();
        var tasks = works.stream().<Callable<Done>>map(work -> () -> repeat(work, stop)).toList();
        var nanos = new Histogram(3);
        var rows = 0L;
        var threads = Thread.ofPlatform().name("bench-", 1).factory();
        try (var executor = Executors.newFixedThreadPool(works.size(), threads)) {
            for (var done : executor.invokeAll(tasks)) {
                rows += done.get().rows();
                nanos.add(done.get().nanos());
            }
        }
        end.await();
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
    public static double median(List<Double> values) {
        var sorted = new ArrayList<>(values);
        sorted.sort(null);
        return sorted.get(sorted.size() / 2);
    }
}
