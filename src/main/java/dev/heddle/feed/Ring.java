package dev.heddle.feed;

import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The newest events, for all readers of a replica. One thread appends; any number read, without
/// locks.
final class Ring {
    private final AtomicReferenceArray<@Nullable FeedEvent> slots;
    private final long maxBytes;
    private long bytes;
    private volatile long first;
    private volatile Token last;
    private volatile Token settled;

    /// @param capacity how many events it holds at most
    /// @param maxBytes how much they may take together; the last is kept whatever it takes
    /// @param last the place behind which the ring begins
    Ring(int capacity, long maxBytes, Token last) {
        this.slots = new AtomicReferenceArray<>(capacity);
        this.maxBytes = maxBytes;
        this.first = last.seq() + 1;
        this.last = last;
        this.settled = last;
    }

    /// The last event that was appended.
    Token last() {
        return last;
    }

    /// A place up to which everybody has been woken for every event.
    Token settled() {
        return settled;
    }

    /// Notes that everybody has been woken for all that was appended.
    void settle() {
        settled = last;
    }

    /// The first position that may be there.
    long first() {
        return first;
    }

    /// The event at a position; null if it is not here any more, or not yet.
    @Nullable FeedEvent get(long seq) {
        var event = slots.get(index(seq));
        return event != null && event.seq() == seq ? event : null;
    }

    /// Appends what follows [#last] without a gap.
    void append(List<FeedEvent> events) {
        for (var event : events) {
            if (event.seq() - first >= slots.length()) {
                evictFirst();
            }
            slots.set(index(event.seq()), event);
            bytes += event.size();
        }
        last = events.getLast().token();
        while (bytes > maxBytes && first < last.seq()) {
            evictFirst();
        }
    }

    private void evictFirst() {
        var seq = first;
        var evicted = slots.get(index(seq));
        first = seq + 1;
        slots.set(index(seq), null);
        if (evicted != null) {
            bytes -= evicted.size();
        }
    }

    private int index(long seq) {
        return (int) (seq % slots.length());
    }
}
