package dev.heddle.feed;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;

/// How many events a second each topic has had over the last minute: of the busiest few thousand
/// topics, those that had the last events.
final class Rates {
    private static final int SECONDS = 60;
    private static final int MAX_TOPICS = 4096;

    private final long start = seconds();
    private final Map<String, Counts> byTopic =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Counts> eldest) {
                    return size() > MAX_TOPICS;
                }
            };

    /// The counts of the last seconds, a slot each.
    private static final class Counts {
        private final int[] counts = new int[SECONDS];
        private long second;

        void add(long now) {
            advance(now);
            counts[(int) (now % SECONDS)]++;
        }

        int total(long now) {
            advance(now);
            var total = 0;
            for (var count : counts) {
                total += count;
            }
            return total;
        }

        private void advance(long now) {
            for (var at = Math.max(second + 1, now - SECONDS + 1); at <= now; at++) {
                counts[(int) (at % SECONDS)] = 0;
            }
            second = Math.max(second, now);
        }
    }

    synchronized void count(List<FeedEvent> events) {
        var now = seconds();
        for (var event : events) {
            byTopic.computeIfAbsent(event.topic(), _ -> new Counts()).add(now);
        }
    }

    /// The rate of a topic; empty while it has not been counted for a minute.
    synchronized OptionalDouble of(String topic) {
        var now = seconds();
        if (now - start < SECONDS) {
            return OptionalDouble.empty();
        }
        var counts = byTopic.get(topic);
        return OptionalDouble.of(counts == null ? 0 : (double) counts.total(now) / SECONDS);
    }

    private static long seconds() {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
    }
}
