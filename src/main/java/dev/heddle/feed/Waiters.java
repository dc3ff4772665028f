package dev.heddle.feed;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The readers that wait for events, by what they wait for, so that an event wakes those alone that
/// want it.
final class Waiters {
    private final Map<String, Set<Waiter>> byName = new ConcurrentHashMap<>();
    private final Set<Waiter> byPrefix = ConcurrentHashMap.newKeySet();

    void add(Waiter waiter) {
        for (var name : waiter.topics().names()) {
            byName.compute(
                    name,
                    (_, present) -> {
                        var all =
                                present == null ? ConcurrentHashMap.<Waiter>newKeySet(1) : present;
                        all.add(waiter);
                        return all;
                    });
        }
        if (!waiter.topics().prefixes().isEmpty()) {
            byPrefix.add(waiter);
        }
    }

    void remove(Waiter waiter) {
        for (var name : waiter.topics().names()) {
            byName.computeIfPresent(
                    name,
                    (_, present) -> {
                        present.remove(waiter);
                        return present.isEmpty() ? null : present;
                    });
        }
        byPrefix.remove(waiter);
    }

    /// Wakes whoever waits for one of these events.
    void wake(List<FeedEvent> events) {
        var seen = new HashSet<String>();
        for (var event : events) {
            if (seen.add(event.topic())) {
                wake(event);
            }
        }
    }

    void wakeAll() {
        byName.values().stream().flatMap(Collection::stream).forEach(Waiter::wake);
        byPrefix.forEach(Waiter::wake);
    }

    private void wake(FeedEvent firstOfTopic) {
        var waiting = byName.get(firstOfTopic.topic());
        if (waiting != null) {
            waiting.forEach(waiter -> waiter.wakeFor(firstOfTopic.seq()));
        }
        for (var waiter : byPrefix) {
            if (waiter.topics().contains(firstOfTopic.topic())) {
                waiter.wakeFor(firstOfTopic.seq());
            }
        }
    }
}
