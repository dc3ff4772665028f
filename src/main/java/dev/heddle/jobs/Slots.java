package dev.heddle.jobs;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// How many jobs of each type may begin here, and whether some may be due that found no room.
final class Slots {
    private final Map<String, Integer> bounds = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
    private final AtomicInteger left = new AtomicInteger();
    private volatile boolean isShort;

    void add(String type, int bound) {
        bounds.put(type, bound);
        running.put(type, new AtomicInteger());
    }

    /// How many of each type may begin; those that may not are left out. To be followed by [#take]
    /// for each that does.
    ///
    /// @param limit how many of all
    Map<String, Integer> free(int limit) {
        isShort = false;
        left.set(limit);
        var free = new TreeMap<String, Integer>();
        bounds.forEach((type, bound) -> {
            var places = Math.min(limit, bound - count(type));
            if (places > 0) {
                free.put(type, places);
            } else {
                isShort = true;
            }
        });
        return free;
    }

    /// A job begins.
    void take(String type) {
        var isFull = counter(type).incrementAndGet() >= bounds.getOrDefault(type, 0);
        if (left.decrementAndGet() == 0 || isFull) {
            isShort = true;
        }
    }

    /// A job has ended.
    void release(String type) {
        counter(type).decrementAndGet();
    }

    /// Whether a job may wait for a place.
    boolean isShort() {
        return isShort;
    }

    /// Something is due that nobody has looked for yet.
    void hint() {
        isShort = true;
    }

    int count(String type) {
        return counter(type).get();
    }

    private AtomicInteger counter(String type) {
        return running.computeIfAbsent(type, _ -> new AtomicInteger());
    }
}
