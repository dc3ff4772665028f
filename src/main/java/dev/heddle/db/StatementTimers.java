package dev.heddle.db;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What operators get to see of statements, by their names.
final class StatementTimers {
    private final MeterRegistry meters;
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();

    StatementTimers(MeterRegistry meters) {
        this.meters = meters;
    }

    /// Times a statement, up to the last row that was read of it.
    void succeeded(String name, long startNanos) {
        timers.computeIfAbsent(
                        name,
                        _ ->
                                Timer.builder("db.statement.duration")
                                        .tag("statement", name)
                                        .register(meters))
                .record(Duration.ofNanos(System.nanoTime() - startNanos));
    }

    /// Counts a statement that failed.
    void failed(String name) {
        Counter.builder("db.statement.failures")
                .tag("statement", name)
                .register(meters)
                .increment();
    }
}
