package dev.heddle.demo;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// Live traffic: errands, as often as each is run, each on a thread of its own.
final class Traffic {
    private static final int MAX_IN_FLIGHT = 64;

    private final List<Errand> errands;
    private final int weights;
    private final RandomGenerator random;
    private final Semaphore inFlight = new Semaphore(MAX_IN_FLIGHT);
    private final Map<String, LongAdder> done = new ConcurrentSkipListMap<>();
    private final LongAdder refused = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder busyNanos = new LongAdder();
    private volatile String lastFailure = "";

    Traffic(List<Errand> errands, RandomGenerator random) {
        this.errands = List.copyOf(errands);
        this.weights = errands.stream().mapToInt(Errand::weight).sum();
        this.random = random;
    }

    /// Starts an errand; waits only while too many are under way.
    void step() throws InterruptedException {
        var errand = next();
        inFlight.acquire();
        Thread.startVirtualThread(() -> {
            var start = System.nanoTime();
            try {
                errand.body().run();
                done.computeIfAbsent(errand.name(), _ -> new LongAdder()).increment();
            } catch (Api.RefusedException e) {
                refused.increment();
            } catch (IOException e) {
                failed.increment();
                lastFailure = String.valueOf(e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                busyNanos.add(System.nanoTime() - start);
                inFlight.release();
            }
        });
    }

    /// Waits until no errand is under way.
    void awaitIdle() throws InterruptedException {
        inFlight.acquire(MAX_IN_FLIGHT);
        inFlight.release(MAX_IN_FLIGHT);
    }

    /// What has happened so far, in one line.
    String summary() {
        var errandsDone = done.values().stream().mapToLong(LongAdder::sum).sum();
        var made = errandsDone + refused.sum() + failed.sum();
        return "%,d errands, %.1f ms each; %s; %,d refused, %,d failed%s"
                .formatted(
                        made,
                        made == 0 ? 0.0 : busyNanos.sum() / 1e6 / made,
                        done.entrySet().stream()
                                .map(each ->
                                        "%s %,d".formatted(each.getKey(), each.getValue().sum()))
                                .collect(Collectors.joining(", ")),
                        refused.sum(),
                        failed.sum(),
                        lastFailure.isEmpty() ? "" : ", the last one: " + lastFailure);
    }

    private Errand next() {
        var left = random.nextInt(weights);
        for (var errand : errands) {
            left -= errand.weight();
            if (left < 0) {
                return errand;
            }
        }
        throw new IllegalStateException("the weights do not add up");
    }
}
