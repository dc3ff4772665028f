package dev.heddle.feed;

import dev.heddle.db.Database;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The handlers of events within this process: an event bus that survives crashes and is shared by
/// all replicas.
public final class EventHandlers implements AutoCloseable {
    private final Database database;
    private final Feed feed;
    private final Settings settings;
    private final HandlerStore store = new HandlerStore();
    private final Map<String, HandlerLoop> loops = new ConcurrentHashMap<>();

    /// How handlers that fail are tried again.
    ///
    /// @param maxAttempts how often an event is tried before it is parked; 1 to 100, default 8; key
    ///   `feed.handlers.max-attempts`
    /// @param firstPause the pause after the first failure, which doubles with each; at least 1 ms,
    ///   default 100 ms; key `feed.handlers.first-pause`
    /// @param lastPause the longest pause; at least `first-pause`, default 30 s; key
    ///   `feed.handlers.last-pause`
    public record Settings(int maxAttempts, Duration firstPause, Duration lastPause) {
        /// The defaults.
        public static final Settings DEFAULT =
                new Settings(8, Duration.ofMillis(100), Duration.ofSeconds(30));

        public Settings {
            check(maxAttempts >= 1 && maxAttempts <= 100, "max-attempts", maxAttempts, "1 to 100");
            check(firstPause.toMillis() >= 1, "first-pause", firstPause, ">= 1 ms");
            check(
                    lastPause.compareTo(firstPause) >= 0,
                    "last-pause",
                    lastPause,
                    ">= feed.handlers.first-pause");
        }

        /// The pause after so many failures.
        Duration pauseAfter(int failures) {
            var doublings = Math.min(failures - 1, 30);
            var pause = firstPause.multipliedBy(1L << doublings);
            return pause.compareTo(lastPause) < 0 ? pause : lastPause;
        }

        private static void check(boolean valid, String key, Object value, String expected) {
            if (!valid) {
                throw new IllegalArgumentException(
                        "feed.handlers.%s: %s (expected: %s)".formatted(key, value, expected));
            }
        }
    }

    /// @param database in whose transactions events are handled
    public EventHandlers(Database database, Feed feed, Settings settings) {
        this.database = database;
        this.feed = feed;
        this.settings = settings;
    }

    /// Handles events from now on, or from where the handler of this name has come to, on whatever
    /// replica.
    ///
    /// @param name the handler's name, which must stay what it is
    /// @throws IllegalArgumentException for a name that is taken
    public void handle(String name, Selection selection, EventHandler handler)
            throws InterruptedException {
        var loop = new HandlerLoop(name, selection, handler, database, feed, store, settings);
        if (loops.putIfAbsent(name, loop) != null) {
            throw new IllegalArgumentException(
                    "handler %s: added twice (expected: once)".formatted(name));
        }
        loop.start();
    }

    /// Parked events, oldest first.
    ///
    /// @param handler whose; empty: anybody's
    /// @param position the position that they come behind
    /// @param behind the handler that they come behind, of those at that position
    public List<ParkedEvent> parked(String handler, long position, String behind, int limit) {
        return database.plain(db -> store.parked(db, handler, position, behind, limit));
    }

    /// Has a parked event handled now.
    ///
    /// @throws RpcException NOT_FOUND, reason `PARKED_EVENT_NOT_FOUND`; ABORTED, reason
    ///   `HANDLER_FAILED`; FAILED_PRECONDITION, reason `NO_HANDLER`
    public void retry(String handler, long position) {
        var loop =
                Optional.ofNullable(loops.get(handler))
                        .orElseThrow(() ->
                                new RpcException(
                                                Code.FAILED_PRECONDITION,
                                                "no handler \"%s\" runs here".formatted(handler))
                                        .withReason("NO_HANDLER"));
        var _ =
                database.transaction(db -> {
                    var parked =
                            store.lockParked(db, handler, position)
                                    .orElseThrow(() -> notFound(handler, position));
                    loop.handleAgain(parked, db);
                    return store.deleteParked(db, handler, position);
                });
    }

    /// Gives a parked event up.
    ///
    /// @throws RpcException NOT_FOUND, reason `PARKED_EVENT_NOT_FOUND`
    public void delete(String handler, long position) {
        var isDeleted = database.transaction(db -> store.deleteParked(db, handler, position));
        if (!isDeleted) {
            throw notFound(handler, position);
        }
    }

    /// Lets handlers that run come to their end.
    @Override
    public void close() {
        loops.values().forEach(HandlerLoop::stop);
        loops.values().forEach(HandlerLoop::close);
    }

    private static RpcException notFound(String handler, long position) {
        return new RpcException(
                        Code.NOT_FOUND,
                        "no event %d is parked for handler \"%s\"".formatted(position, handler))
                .withReason("PARKED_EVENT_NOT_FOUND");
    }
}
