package dev.heddle.bench.feed;

import dev.heddle.bench.BenchGateway;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/// Publishes a number of events a second, a transaction each, as a service of the gateway would.
///
/// An event bears the time at which it was due, also where the publisher is late: who waits for it
/// waits for that, too.
final class Publisher implements AutoCloseable {
    private static final int THREADS = 16;
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final BenchGateway gateway;
    private final String topic;
    private final long interval;
    private final List<Thread> threads = new ArrayList<>();
    private final Histogram nanos = new ConcurrentHistogram(3);
    private volatile boolean isStopped;

    private Publisher(BenchGateway gateway, String topic, int perSecond) {
        this.gateway = gateway;
        this.topic = topic;
        this.interval = NANOS_PER_SECOND / perSecond;
    }

    static Publisher start(BenchGateway gateway, String topic, int perSecond) {
        var publisher = new Publisher(gateway, topic, perSecond);
        var start = System.nanoTime();
        for (var i = 0; i < THREADS; i++) {
            var first = start + i * publisher.interval;
            publisher.threads.add(
                    Thread.ofPlatform()
                            .name("bench-publish-", i)
                            .start(() -> publisher.run(first)));
        }
        return publisher;
    }

    /// How long events took from when they were due until they were committed.
    Histogram nanos() {
        return nanos.copy();
    }

    void reset() {
        nanos.reset();
    }

    private void run(long first) {
        for (var due = first; !isStopped; due += THREADS * interval) {
            for (var left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            var event = Stamp.event(topic, due);
            gateway.database()
                    .transaction(_ -> {
                        gateway.feed().publish(event);
                        return event;
                    });
            nanos.recordValue(System.nanoTime() - due);
        }
    }

    @Override
    public void close() {
        isStopped = true;
        try {
            for (var thread : threads) {
                thread.join();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
