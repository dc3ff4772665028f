package dev.heddle.jobs;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// What is measured of jobs.
///
/// @param registry where
record JobMeters(MeterRegistry registry) {
    /// Has the running jobs of a type counted.
    void watch(String type, Slots slots) {
        Gauge.builder("jobs.running", slots, each -> each.count(type))
                .description("jobs that run on this gateway")
                .tag("type", type)
                .register(registry);
    }

    void ended(String type, Verdict verdict, long nanos) {
        Timer.builder("jobs.attempts")
                .description("attempts at jobs, from their start until their outcome was written")
                .tag("type", type)
                .tag("outcome", verdict.getClass().getSimpleName().toLowerCase(Locale.ROOT))
                .register(registry)
                .record(nanos, TimeUnit.NANOSECONDS);
    }
}
