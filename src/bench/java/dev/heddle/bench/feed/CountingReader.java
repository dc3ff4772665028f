package dev.heddle.bench.feed;

import dev.heddle.feed.Cursor;
import dev.heddle.feed.Feed;
import dev.heddle.feed.Next;
import dev.heddle.feed.Selection;
import dev.heddle.feed.Start;
import dev.heddle.feed.Topics;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// A reader within the gateway, who counts.
final class CountingReader implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long PAUSE_NANOS = 200_000;

    private final Cursor cursor;
    private final Thread thread;
    private final AtomicLong expected = new AtomicLong();
    private final AtomicLong received = new AtomicLong();

    private CountingReader(Cursor cursor) {
        this.cursor = cursor;
        this.thread = Thread.ofVirtual().name("bench-reader").start(this::run);
    }

    static CountingReader start(Feed feed, String topic) throws InterruptedException {
        return new CountingReader(
                feed.open(Selection.of(Topics.of(topic)), new Start.Now(), "bench"));
    }

    long expect(long count) {
        expected.addAndGet(count);
        return count;
    }

    void awaitAll() {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (received.get() < expected.get()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "%d events came (expected: %d)".formatted(received.get(), expected.get()));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void run() {
        try {
            while (true) {
                switch (cursor.next(PATIENCE)) {
                    case Next.Events(var events) -> received.addAndGet(events.size());
                    case Next.Nothing _ -> {}
                    case Next.Stopping _ -> {
                        return;
                    }
                    case Next.Reset reset -> throw new IllegalStateException(reset.toString());
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        cursor.stop();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        cursor.close();
    }
}
