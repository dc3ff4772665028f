package dev.heddle.feed;

import dev.heddle.db.Database;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import io.helidon.dbclient.DbExecute;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;

/// Hands one event after another to a handler, each in a transaction of its own, as long as no
/// other replica does.
final class HandlerLoop implements AutoCloseable {
    private static final Logger LOGGER = System.getLogger(HandlerLoop.class.getName());

    /// How often to see whether the replica that handles has gone, or the database has come back.
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    private final String name;
    private final Selection selection;
    private final EventHandler handler;
    private final Database database;
    private final Feed feed;
    private final HandlerStore store;
    private final EventHandlers.Settings settings;
    private final Thread thread;
    private final Cursor news;
    private volatile boolean isStopping;

    /// How a turn ended.
    private sealed interface Turn {
        /// An event was handled, or passed over.
        record Done() implements Turn {}

        /// There is nothing to do before something happens, or this time has passed.
        record Wait(Duration atMost) implements Turn {}

        /// The handler failed.
        record Failed(FeedEvent event, HandlerStore.State before, Exception failure)
                implements Turn {
            int attempts() {
                return before.attempts() + 1;
            }
        }
    }

    /// Rolls a turn back in which the handler failed.
    private static final class FailedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Turn.Failed turn;

        FailedException(Turn.Failed turn) {
            super(turn.failure());
            this.turn = turn;
        }
    }

    HandlerLoop(
            String name,
            Selection selection,
            EventHandler handler,
            Database database,
            Feed feed,
            HandlerStore store,
            EventHandlers.Settings settings)
            throws InterruptedException {
        this.name = name;
        this.selection = selection;
        this.handler = handler;
        this.database = database;
        this.feed = feed;
        this.store = store;
        this.settings = settings;
        this.news = feed.open(selection, new Start.Now(), "handler " + name);
        this.thread = Thread.ofVirtual().name("heddle-handler-" + name).unstarted(this::run);
    }

    void start() {
        var _ =
                database.transaction(db -> {
                    store.add(db, name, feed.last(db));
                    return name;
                });
        thread.start();
    }

    void stop() {
        isStopping = true;
        news.stop();
    }

    @Override
    public void close() {
        stop();
        try {
            if (!thread.join(STOP_TIMEOUT)) {
                LOGGER.log(Level.WARNING, "handler {0} goes on", name);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        news.close();
    }

    /// Handles a parked event.
    ///
    /// @throws RpcException ABORTED, reason `HANDLER_FAILED`
    void handleAgain(ParkedEvent parked, DbExecute db) {
        try {
            handler.handle(parked.event(), db);
        } catch (Exception e) {
            throw new RpcException(Code.ABORTED, "the handler failed: " + text(e))
                    .withReason("HANDLER_FAILED")
                    .withCause(e);
        }
    }

    private void run() {
        try {
            while (!isStopping) {
                if (safeTurn() instanceof Turn.Wait(var atMost)) {
                    var _ = news.next(atMost);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Turn safeTurn() {
        try {
            try {
                return database.transaction(this::turn);
            } catch (FailedException e) {
                database.transaction(db -> noteFailure(db, e.turn));
                return new Turn.Done();
            }
        } catch (RuntimeException e) {
            LOGGER.log(Level.WARNING, "handler %s stands still".formatted(name), e);
            return new Turn.Wait(PATIENCE);
        }
    }

    private Turn turn(DbExecute db) {
        var taken = store.take(db, name);
        if (taken.isEmpty()) {
            return new Turn.Wait(PATIENCE);
        }
        var state = taken.get();
        if (state.pause().isPositive()) {
            return new Turn.Wait(shorter(state.pause()));
        }
        var next = feed.next(db, state.token(), selection);
        if (next.isReset()) {
            LOGGER.log(
                    Level.ERROR,
                    "handler {0} has missed events behind {1}: they are no longer kept",
                    name,
                    state.token());
        }
        next.event().ifPresent(event -> handle(event, state, db));
        if (!next.place().equals(state.token())) {
            store.advance(db, name, next.place());
        }
        return next.isEnd() ? new Turn.Wait(PATIENCE) : new Turn.Done();
    }

    private void handle(FeedEvent event, HandlerStore.State before, DbExecute db) {
        try {
            handler.handle(event, db);
        } catch (Exception e) {
            throw new FailedException(new Turn.Failed(event, before, e));
        }
    }

    private Turn noteFailure(DbExecute db, Turn.Failed failed) {
        if (store.take(db, name).filter(failed.before()::isSame).isEmpty()) {
            return failed;
        }
        if (failed.attempts() < settings.maxAttempts()) {
            var pause = settings.pauseAfter(failed.attempts());
            LOGGER.log(
                    Level.WARNING,
                    "handler %s failed at %s, and tries again in %d ms"
                            .formatted(name, failed.event(), pause.toMillis()),
                    failed.failure());
            store.postpone(db, name, failed.attempts(), pause);
        } else {
            LOGGER.log(
                    Level.ERROR,
                    "handler %s failed at %s %d times; the event is parked"
                            .formatted(name, failed.event(), failed.attempts()),
                    failed.failure());
            store.park(db, name, failed.event(), text(failed.failure()), failed.attempts());
            store.advance(db, name, failed.event().token());
        }
        return failed;
    }

    private static Duration shorter(Duration pause) {
        return pause.compareTo(PATIENCE) < 0 ? pause : PATIENCE;
    }

    private static String text(Exception e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
