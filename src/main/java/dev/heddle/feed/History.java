package dev.heddle.feed;

import dev.heddle.db.Database;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import io.grpc.Status.Code;
import io.helidon.dbclient.DbExecute;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// The log as the database has it, for readers who come from further back than the replica's memory
/// reaches. So many read at a time, a page each, and the others take turns.
final class History {
    private static final int PAGE = 500;
    private static final int STEP = 20;
    private static final int STRIDE = 1000;
    private static final int SCANNED = 10_000;
    private static final long PAGE_BYTES = 1 << 20;

    private final Database database;
    private final FeedStore store;
    private final Tail tail;
    private final Semaphore places;

    /// Where a reader begins.
    ///
    /// @param token the place behind which it begins
    /// @param reset why it isn't the one that the reader asked for
    record Beginning(Token token, Optional<Next.Cause> reset) {
        static Beginning at(Token token) {
            return new Beginning(token, Optional.empty());
        }
    }

    /// A part of the log.
    ///
    /// @param events the selected events in it
    /// @param to the position that it reaches
    /// @param end the place that it reaches, where that is known
    /// @param floor the place behind which the log begins; beyond where the part begins, events of
    ///   the part may be missing
    /// @param isEnd whether it reaches the end of the log
    /// @param isSame whether the log is the one that the reader's place is of
    record Part(
            List<FeedEvent> events,
            long to,
            Optional<Token> end,
            Token floor,
            boolean isEnd,
            boolean isSame) {}

    /// One step through the log.
    ///
    /// @param event the selected event that it came upon
    /// @param place the place behind it
    /// @param isReset whether events are missing before it
    /// @param isEnd whether there is nothing more
    record Step(Optional<FeedEvent> event, Token place, boolean isReset, boolean isEnd) {}

    /// Database work, while one has a place.
    private interface Reading<T> {
        T read();
    }

    History(Database database, FeedStore store, Tail tail, int maxReaders) {
        this.database = database;
        this.store = store;
        this.tail = tail;
        this.places = new Semaphore(maxReaders, true);
    }

    /// What comes behind a position, a page of it.
    ///
    /// @param place the reader's, at that position or before
    Part read(Topics topics, Token place, long after) throws InterruptedException {
        return inTurn(() -> database.plain(db -> read(db, topics, place, after, PAGE)));
    }

    private Part read(DbExecute db, Topics topics, Token place, long after, int limit) {
        var last = store.ends(db).last();
        var isScan = !topics.prefixes().isEmpty();
        var to = isScan ? Math.min(last.seq(), after + SCANNED) : last.seq();
        var span = new FeedStore.Span(after, to, limit, PAGE_BYTES, last.term());
        var page = isScan ? store.byPattern(db, topics, span) : store.byName(db, topics, span);
        // asked last, so that it tells of what happened to the log meanwhile
        var isThere = isThere(db, place);
        var floor = store.ends(db).floor();
        var isSame = isThere || place.seq() < floor.seq();
        if (!page.isComplete()) {
            var end = page.events().getLast().token();
            return new Part(page.events(), end.seq(), Optional.of(end), floor, false, isSame);
        }
        var isEnd = to == last.seq();
        return new Part(
                page.events(),
                to,
                isEnd ? Optional.of(last) : Optional.empty(),
                floor,
                isEnd,
                isSame);
    }

    /// The next selected event behind a place, or a place further on: past many events of which
    /// none is wanted.
    ///
    /// @param db of any transaction
    Step next(DbExecute db, Token token, Selection selection) {
        var step = next(db, token, selection, STEP);
        return step.event().isPresent() || step.isEnd() || step.isReset()
                ? step
                : next(db, step.place(), selection, STRIDE);
    }

    private Step next(DbExecute db, Token token, Selection selection, int limit) {
        var beginning = behind(db, token);
        var from = beginning.token();
        var part = read(db, selection.topics(), from, from.seq(), limit);
        var wanted = part.events().stream().filter(selection::contains).findFirst();
        var place =
                wanted.map(FeedEvent::token)
                        .or(part::end)
                        .or(() -> store.at(db, part.to()))
                        .orElse(from);
        var isReset = beginning.reset().isPresent() || part.floor().seq() > from.seq();
        return new Step(wanted, place, isReset, wanted.isEmpty() && part.isEnd());
    }

    Beginning begin(Start start, Topics topics) throws InterruptedException {
        return switch (start) {
            case Start.Now _ -> Beginning.at(tail.settled());
            case Start.Earliest _ ->
                    Beginning.at(inTurn(() -> database.plain(db -> store.ends(db).floor())));
            case Start.Last(var count) ->
                    inTurn(() ->
                            database.plain(db -> {
                                var seq = store.beforeLast(db, topics, count);
                                return Beginning.at(
                                        store.at(db, seq).orElseGet(() -> store.ends(db).floor()));
                            }));
            case Start.After(var token) -> behind(token);
        };
    }

    private Beginning behind(Token token) throws InterruptedException {
        return isInMemory(token)
                ? Beginning.at(token)
                : inTurn(() -> database.plain(db -> behind(db, token)));
    }

    private Beginning behind(DbExecute db, Token token) {
        if (isThere(db, token)) {
            return Beginning.at(token);
        }
        var ends = store.ends(db);
        var isOld = token.term() == ends.last().term() && token.seq() < ends.floor().seq();
        var cause = isOld ? Next.Cause.EXPIRED : Next.Cause.OTHER_HISTORY;
        return new Beginning(ends.floor(), Optional.of(cause));
    }

    private boolean isThere(DbExecute db, Token token) {
        return store.at(db, token.seq())
                .filter(there -> there.term() == token.term() && there.tag() == token.tag())
                .isPresent();
    }

    private boolean isInMemory(Token token) {
        var ring = tail.ring();
        var last = ring.last();
        if (token.term() != last.term()) {
            return false;
        }
        if (token.seq() == last.seq()) {
            return token.tag() == last.tag();
        }
        var event = ring.get(token.seq());
        return event != null && event.token().tag() == token.tag();
    }

    /// Other work of a call, which takes its turn with those who read: the rest of the feed's
    /// connections are for what nobody may keep from its work.
    ///
    /// @throws RpcException CANCELLED, or the call's own cancellation
    <T> T visit(Database.Body<T> work) {
        try {
            return inTurn(() -> database.plain(work));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            Task.current().ifPresent(Task::check);
            throw new RpcException(Code.CANCELLED, "interrupted while waiting for the database");
        }
    }

    private <T> T inTurn(Reading<T> reading) throws InterruptedException {
        places.acquire();
        try {
            return reading.read();
        } finally {
            places.release();
        }
    }
}
