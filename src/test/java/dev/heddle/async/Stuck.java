package dev.heddle.async;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/// Work that ends by interruption alone, and says what became of it.
final class Stuck implements Callable<String> {
    private final CountDownLatch begun;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger interrupted = new AtomicInteger();

    /// @param times how often it is to be begun
    Stuck(int times) {
        begun = new CountDownLatch(times);
    }

    @Override
    public String call() throws InterruptedException {
        running.incrementAndGet();
        begun.countDown();
        try {
            new CountDownLatch(1).await();
            return "never";
        } catch (InterruptedException e) {
            interrupted.incrementAndGet();
            throw e;
        } finally {
            running.decrementAndGet();
        }
    }

    void awaitBegun() throws InterruptedException {
        begun.await();
    }

    int running() {
        return running.get();
    }

    int interrupted() {
        return interrupted.get();
    }
}
