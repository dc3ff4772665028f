package dev.heddle.dashboard;

import dev.heddle.async.Debounce;
import dev.heddle.feed.Cursor;
import dev.heddle.feed.Feed;
import dev.heddle.feed.Next;
import dev.heddle.feed.Selection;
import dev.heddle.feed.Start;
import dev.heddle.rpc.RpcException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Follows the feed on a thread of its own, and has something done soon after it has moved.
///
/// It is done every few seconds in any case: the last time may have failed, or another hour may
/// have begun.
final class Refresh implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(Refresh.class.getName());
    private static final String NAME = "dashboard";
    private static final Duration PULSE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Cursor cursor;
    private final Debounce debounce;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    private Refresh(Cursor cursor, Debounce debounce) {
        this.cursor = cursor;
        this.debounce = debounce;
        this.thread = Thread.ofVirtual().name(NAME).unstarted(this::run);
    }

    /// Begins with what happens from now on.
    ///
    /// @throws RpcException UNAVAILABLE if the database is needed and not there
    static Refresh start(Feed feed, Debounce.Settings settings, Debounce.Action action)
            throws InterruptedException {
        var cursor = feed.open(Selection.of(Boards.TOPICS), new Start.Now(), NAME);
        var refresh = new Refresh(cursor, Debounce.start(NAME, settings, action));
        refresh.thread.start();
        return refresh;
    }

    private void run() {
        try {
            while (closing.getCount() > 0) {
                follow();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted (expected: closed)", e);
        }
    }

    private void follow() throws InterruptedException {
        try {
            while (!(cursor.next(PULSE) instanceof Next.Stopping)) {
                debounce.signal();
            }
        } catch (RuntimeException e) {
            // whatever it is: all who watch depend on this thread
            LOGGER.log(Level.WARNING, "the dashboard can't follow the feed", e);
            var _ = closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /// Ends what is being done, and waits for its end.
    @Override
    public void close() {
        closing.countDown();
        cursor.stop();
        debounce.close();
        try {
            thread.join();
        } catch (InterruptedException _) {
            // it ends by itself, and at once
            Thread.currentThread().interrupt();
        }
        cursor.close();
    }
}
