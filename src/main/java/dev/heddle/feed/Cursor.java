package dev.heddle.feed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A reader's place in the log, and what to do to move it. No event waits in it: it takes them from
/// the replica's memory, or from the database where the reader was too slow for that. A reader that
/// doesn't read costs nothing.
///
/// To be used by one thread at a time, save [#stop].
public final class Cursor implements AutoCloseable {
    private static final int MAX_EVENTS = 256;
    private static final int MAX_BYTES = 256 << 10;

    private final Tail tail;
    private final History history;
    private final Selection selection;
    private final Runnable onClose;
    private final Waiter waiter;
    private Ring ring;
    private Token token;

    /// Behind it nothing has been looked at; it may be ahead of the token, whose event is known.
    private long position;

    private Optional<Next.Cause> reset;
    private volatile boolean isStopping;

    /// @param ring the replica's memory before the beginning was sought
    Cursor(
            Tail tail,
            Ring ring,
            History history,
            Selection selection,
            History.Beginning beginning,
            Runnable onClose) {
        this.tail = tail;
        this.history = history;
        this.selection = selection;
        this.onClose = onClose;
        this.ring = ring;
        this.token = beginning.token();
        this.position = token.seq();
        this.reset = beginning.reset();
        this.waiter = new Waiter(selection.topics());
        tail.waiters().add(waiter);
    }

    /// Waits for what comes next.
    ///
    /// @param patience how long to wait for it
    /// @throws dev.heddle.rpc.RpcException UNAVAILABLE if the database is needed and not there
    public Next next(Duration patience) throws InterruptedException {
        var deadline = System.nanoTime() + patience.toNanos();
        while (!isStopping) {
            waiter.reset();
            if (ring != tail.ring()) {
                beginAgain();
            }
            if (reset.isPresent()) {
                var cause = reset.get();
                reset = Optional.empty();
                return new Next.Reset(cause);
            }
            var isBehind = position + 1 < ring.first();
            var events = isBehind ? fromDatabase() : fromMemory();
            if (!events.isEmpty()) {
                return new Next.Events(events);
            }
            var isAtEnd = !isBehind && position >= ring.last().seq();
            if (isAtEnd && !isStopping && !awaitMore(deadline)) {
                return new Next.Nothing();
            }
        }
        return new Next.Stopping();
    }

    /// The place behind all that was handed out. It moves past events that were not selected, too.
    public Token token() {
        return token;
    }

    /// Has [#next] return [Next.Stopping] from now on.
    public void stop() {
        isStopping = true;
        waiter.wake();
    }

    @Override
    public void close() {
        tail.waiters().remove(waiter);
        onClose.run();
    }

    private List<FeedEvent> fromMemory() {
        var events = new ArrayList<FeedEvent>();
        var bytes = 0L;
        var last = ring.last().seq();
        while (position < last && events.size() < MAX_EVENTS && bytes < MAX_BYTES) {
            var event = ring.get(position + 1);
            if (event == null) {
                break;
            }
            position++;
            if (take(event, events)) {
                bytes += event.payload().length();
            }
        }
        return events;
    }

    private List<FeedEvent> fromDatabase() throws InterruptedException {
        var found = history.read(selection.topics(), token, position);
        if (found.floor().seq() > position || !found.isSame()) {
            token = found.floor();
            position = token.seq();
            reset = Optional.of(found.isSame() ? Next.Cause.EXPIRED : Next.Cause.OTHER_HISTORY);
            return List.of();
        }
        var events = new ArrayList<FeedEvent>();
        for (var event : found.events()) {
            position = event.seq();
            take(event, events);
        }
        position = Math.max(position, found.to());
        found.end().ifPresent(end -> token = token.movedTo(end));
        return events;
    }

    private boolean take(FeedEvent event, List<FeedEvent> events) {
        var isWanted = selection.contains(event) && !token.isSkipped(event.seq());
        token = token.movedTo(event.token());
        if (isWanted) {
            events.add(token.skipped().isEmpty() ? event : event.withToken(token));
        }
        return isWanted;
    }

    /// Waits, and moves past what nobody woke it for.
    ///
    /// @return whether it was woken
    private boolean awaitMore(long deadline) throws InterruptedException {
        if (waiter.await(deadline)) {
            position = Math.max(position, waiter.wokenFor() - 1);
            return true;
        }
        var settled = ring.settled();
        if (!waiter.isWoken() && settled.seq() >= position) {
            position = settled.seq();
            token = token.movedTo(settled);
        }
        return false;
    }

    private void beginAgain() throws InterruptedException {
        // noted last, so that a failure leaves it to be done
        var current = tail.ring();
        var beginning = history.begin(new Start.After(token), selection.topics());
        ring = current;
        token = beginning.token();
        position = token.seq();
        if (beginning.reset().isPresent()) {
            reset = beginning.reset();
        }
    }
}
