package dev.heddle.feed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/// Reads the log from its beginning to its end, and makes digests of it a thousand positions at a
/// time, by which readers can be compared with each other and with the table.
final class ModelReader {
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private final Feed feed;
    private final List<String> topics;
    private final Way way;
    private final RandomGenerator random;
    private final Digests digests = new Digests();

    enum Way {
        /// As fast as it can: from memory.
        EAGER,
        /// Too slow for the replica's memory: from the table.
        SLOW,
        /// Closes its cursor again and again, and goes on from its token.
        RESUMING
    }

    /// The digests of the events at positions `1000 n + 1` to `1000 n + 1000`, by n.
    static final class Digests {
        private final TreeMap<Long, Integer> byThousand = new TreeMap<>();

        void add(FeedEvent event) {
            byThousand.merge(
                    (event.seq() - 1) / 1000,
                    Objects.hash(
                            event.token().toString(),
                            event.topic(),
                            event.type(),
                            event.key(),
                            event.payload()),
                    (before, hash) -> 31 * before + hash);
        }

        @Override
        public String toString() {
            return byThousand.toString();
        }
    }

    ModelReader(Feed feed, List<String> topics, Way way, RandomGenerator random) {
        this.feed = feed;
        this.topics = topics;
        this.way = way;
        this.random = random;
    }

    /// Reads until it has passed a position, which may become known later.
    Digests read(AtomicLong end) throws InterruptedException {
        var cursor = open(new Start.Earliest());
        try {
            while (cursor.token().seq() < end.get()) {
                switch (cursor.next(PATIENCE)) {
                    case Next.Events(var events) -> events.forEach(digests::add);
                    case Next.Nothing _ -> {}
                    case Next other -> throw new AssertionError(other + " at " + cursor.token());
                }
                if (way == Way.RESUMING && random.nextInt(4) == 0) {
                    var text = cursor.token().toString();
                    cursor.close();
                    cursor = open(new Start.After(Token.parse(text, "from")));
                }
                if (way == Way.SLOW) {
                    LockSupport.parkNanos(random.nextInt(40_000_000));
                }
            }
        } finally {
            cursor.close();
        }
        return digests;
    }

    private Cursor open(Start start) throws InterruptedException {
        var selection =
                new Selection(Topics.parse(new ArrayList<>(topics), "topics"), Set.of(), Set.of());
        return feed.open(selection, start, "model");
    }
}
