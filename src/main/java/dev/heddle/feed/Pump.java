package dev.heddle.feed;

import dev.heddle.db.Database;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/// Sequences what was published and follows the log, in turns: one when a transaction here has
/// published, one when another replica has sequenced, and one each poll interval, for whatever
/// nobody told of.
///
/// It has a platform thread, so that it gets its share of the processors however many virtual
/// threads write to subscribers.
final class Pump implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(Pump.class.getName());
    private static final int BATCH = 2000;
    private static final long BATCH_BYTES = 4 << 20;

    /// No more than the sockets between the database and a process take that has stopped reading.
    private static final int SEQUENCED_BYTES = 64 << 10;

    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final Database database;
    private final FeedStore store;
    private final Tail tail;
    private final Settings settings;
    private final String replica = UUID.randomUUID().toString();
    private final SecureRandom random = new SecureRandom();
    private final Thread thread;
    private final Counter received;
    private final Timer turns;
    private volatile boolean hasPublished;
    private volatile boolean isHinted;
    private volatile boolean isClosed;
    private boolean isInDoubt;
    private boolean hasFailed;

    Pump(Database database, FeedStore store, Tail tail, Settings settings, MeterRegistry meters) {
        this.database = database;
        this.store = store;
        this.tail = tail;
        this.settings = settings;
        this.received =
                Counter.builder("feed.events")
                        .description("events that this replica has received")
                        .register(meters);
        this.turns =
                Timer.builder("feed.turn")
                        .description("sequencing, and reading what others sequenced")
                        .register(meters);
        this.thread = Thread.ofPlatform().daemon().name("heddle-feed").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// How the other replicas know this one.
    String replica() {
        return replica;
    }

    /// A transaction of this replica has published.
    void published() {
        hasPublished = true;
        LockSupport.unpark(thread);
    }

    /// Another replica has sequenced.
    void hint() {
        isHinted = true;
        LockSupport.unpark(thread);
    }

    @Override
    public void close() {
        isClosed = true;
        LockSupport.unpark(thread);
        try {
            if (!thread.join(STOP_TIMEOUT)) {
                LOGGER.log(Level.WARNING, "the feed still waits for the database");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!isClosed) {
            try {
                if (isInDoubt) {
                    recover();
                    isInDoubt = false;
                }
                turns.record(this::turn);
                hasFailed = false;
                if (!hasPublished && !isHinted) {
                    LockSupport.parkNanos(this, settings.pollInterval().toNanos());
                }
            } catch (RuntimeException | Error e) {
                // an Error too: without this thread there is no feed
                failed(e);
            }
        }
    }

    /// At once it is tried again the first time: a log that is full has room then, and a connection
    /// that was cut has been replaced.
    private void failed(Throwable e) {
        isInDoubt = true;
        if (hasFailed) {
            LockSupport.parkNanos(this, PAUSE.toNanos());
            return;
        }
        hasFailed = true;
        LOGGER.log(
                Level.WARNING,
                "the feed stands still, and is tried again every %d ms".formatted(PAUSE.toMillis()),
                e);
    }

    private void turn() {
        var isOwn = hasPublished && !isHinted;
        hasPublished = false;
        isHinted = false;
        var last = tail.ring().last();
        var sequenced =
                database.plain(db ->
                        store.sequence(db, replica, random.nextLong(), last, SEQUENCED_BYTES));
        if (!sequenced.isEmpty()) {
            append(sequenced);
            if (isOwn) {
                return;
            }
        }
        follow();
    }

    private void follow() {
        while (!isClosed) {
            var last = tail.ring().last();
            var end = database.plain(store::ends).last();
            if (end.equals(last)) {
                return;
            }
            var span = new FeedStore.Span(last.seq(), end.seq(), BATCH, BATCH_BYTES, last.term());
            var page = database.plain(db -> store.after(db, last, span));
            if (page.events().isEmpty()) {
                throw new IllegalStateException(
                        "the log goes on to %s, and not from %s".formatted(end, last));
            }
            append(page.events());
        }
    }

    private void append(List<FeedEvent> events) {
        var expected = tail.ring().last().seq() + 1;
        if (events.getFirst().seq() != expected) {
            throw new IllegalStateException(
                    "the log goes on at %d (expected: %d)"
                            .formatted(events.getFirst().seq(), expected));
        }
        tail.append(events);
        received.increment(events.size());
    }

    /// After a failure the database may be another, or an older one; and an older one is a failure.
    private void recover() {
        var last = tail.ring().last();
        var ends =
                database.plain(
                        db -> store.takeOver(db, settings.partitionSize(), random.nextLong()));
        var isSame =
                last.term() == ends.last().term()
                        && database.plain(db -> store.at(db, last.seq()))
                                .filter(last::equals)
                                .isPresent();
        if (!isSame) {
            LOGGER.log(
                    Level.WARNING,
                    "the log is not the one that it was: from {0} to {1}",
                    last,
                    ends.last());
            tail.replace(ends.last());
        }
    }
}
