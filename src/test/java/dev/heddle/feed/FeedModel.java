package dev.heddle.feed;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What publishers have committed, and what a log must therefore be.
///
/// An event's key is `publisher:transaction:index:number`. The index counts the events of the
/// transaction. The number counts the events of the topic, by a row that the publisher holds the
/// lock of, and so tells the order in which the topic's writers committed; 0 in topics whose
/// writers don't wait for each other.
final class FeedModel {
    private static final int MAX_FAULTS = 20;

    private final Map<String, Integer> committed = new ConcurrentHashMap<>();

    /// An event as a reader sees it.
    record Entry(long seq, String topic, String key) {}

    /// Notes a transaction that was committed.
    ///
    /// @param transaction `publisher:transaction`
    void committed(String transaction, int events) {
        committed.put(transaction, events);
    }

    int transactions() {
        return committed.size();
    }

    int events() {
        return committed.values().stream().mapToInt(Integer::intValue).sum();
    }

    /// What is wrong with a whole log, the first few faults of it.
    List<String> faults(List<Entry> log) {
        var check = new Check();
        log.forEach(check::add);
        committed.forEach(check::expect);
        return check.faults;
    }

    private final class Check {
        private final Map<String, Integer> indexes = new HashMap<>();
        private final Map<String, Long> numbers = new HashMap<>();
        private final List<String> faults = new ArrayList<>();
        private long seq;

        void add(Entry entry) {
            var parts = entry.key().split(":", -1);
            var transaction = parts[0] + ":" + parts[1];
            equal(entry.seq(), ++seq, "position", entry);
            if (!committed.containsKey(transaction)) {
                fault("of a transaction that was not committed: " + entry);
            }
            equal(
                    Integer.parseInt(parts[2]),
                    indexes.merge(transaction, 1, Integer::sum) - 1,
                    "index",
                    entry);
            var number = Long.parseLong(parts[3]);
            if (number != 0) {
                equal(number, numbers.merge(entry.topic(), 1L, Long::sum), "number", entry);
            }
        }

        void expect(String transaction, int events) {
            var found = indexes.getOrDefault(transaction, 0);
            if (found != events) {
                fault("%d events of %s (expected: %d)".formatted(found, transaction, events));
            }
        }

        private void equal(long actual, long expected, String what, Entry entry) {
            if (actual != expected) {
                fault("%s %d (expected: %d) of %s".formatted(what, actual, expected, entry));
            }
        }

        private void fault(String text) {
            if (faults.size() < MAX_FAULTS) {
                faults.add(text);
            }
        }
    }
}
