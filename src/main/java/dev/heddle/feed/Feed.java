package dev.heddle.feed;

import com.google.protobuf.Message;
import dev.heddle.db.Database;
import dev.heddle.db.Notifications;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import io.helidon.dbclient.DbExecute;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// The event feed of a replica; what it promises is in the package's description.
///
/// It has a pool of its own, so that no crowd of calls can keep it from its work.
public final class Feed implements AutoCloseable {
    private final Database database;
    private final Settings settings;
    private final FeedStore store = new FeedStore();
    private final TopicStore topicStore = new TopicStore();
    private final Tail tail;
    private final History history;
    private final Pump pump;
    private final Upkeep upkeep;
    private final Notifications notifications;
    private final Streams streams;
    private final Rates rates;

    private Feed(
            Database database,
            Database.Settings databaseSettings,
            Settings settings,
            MeterRegistry meters) {
        this.database = database;
        this.settings = settings;
        var tag = new SecureRandom().nextLong();
        var ends = database.plain(db -> store.takeOver(db, settings.partitionSize(), tag));
        this.rates = new Rates();
        this.tail = new Tail(settings, ends.last(), rates);
        this.history = new History(database, store, tail, settings.maxCatchUps());
        this.pump = new Pump(database, store, tail, settings, meters);
        this.upkeep = new Upkeep(database, store, settings);
        this.streams = new Streams(settings.maxStreamsPerCaller(), meters);
        this.notifications =
                Notifications.listen(databaseSettings, "heddle_feed", this::sequencedBy);
    }

    /// Starts to sequence and to follow the log.
    ///
    /// @param databaseSettings where the database is, whose schema is up to date
    public static Feed start(
            Database.Settings databaseSettings, Settings settings, MeterRegistry meters) {
        var own = FeedPool.of(databaseSettings, settings);
        var database = Database.open("heddle-feed", own, meters);
        try {
            var feed = new Feed(database, own, settings, meters);
            feed.pump.start();
            feed.upkeep.start();
            return feed;
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /// Publishes an event, within the transaction in which the current thread runs: it is there if
    /// that is committed, behind the events that this and earlier transactions of the same rows
    /// have published.
    ///
    /// @throws RpcException INVALID_ARGUMENT, reason `EVENT_TOO_LARGE`
    /// @throws IllegalStateException outside of a transaction
    public void publish(NewEvent event) {
        Topics.check(event.topic(), "topic");
        var size = event.payload().getBytes(StandardCharsets.UTF_8).length;
        if (size > settings.maxEventSize()) {
            throw RpcException.invalidField(
                            "payload",
                            "%d bytes of JSON (expected: at most %d)"
                                    .formatted(size, settings.maxEventSize()))
                    .withReason("EVENT_TOO_LARGE");
        }
        var publication =
                (Publication)
                        Database.participant(this, () -> new Publication(store, pump::published));
        publication.add(event);
    }

    /// Opens a place in the log, to be closed by its reader.
    ///
    /// @param caller who reads, by name; how many places one has open is bounded
    /// @throws RpcException RESOURCE_EXHAUSTED, reason `TOO_MANY_STREAMS`; INVALID_ARGUMENT, reason
    ///   `TOO_MANY_TOPICS`
    public Cursor open(Selection selection, Start start, String caller)
            throws InterruptedException {
        if (selection.topics().count() > settings.maxTopics()) {
            throw RpcException.invalidField(
                            "topics",
                            "%d topics (expected: at most %d)"
                                    .formatted(selection.topics().count(), settings.maxTopics()))
                    .withReason("TOO_MANY_TOPICS");
        }
        var place = streams.take(caller);
        try {
            var ring = tail.ring();
            var beginning = history.begin(start, selection.topics());
            return new Cursor(tail, ring, history, selection, beginning, place::close);
        } catch (RuntimeException | InterruptedException e) {
            place.close();
            throw e;
        }
    }

    /// Streams events to a caller, from a cursor that its reader closes.
    public <R extends Message> LiveStream<R> stream(Cursor cursor, LiveStream.Words<R> words) {
        return new LiveStream<>(cursor, words, settings.bookmarkInterval());
    }

    /// Notes which events the state contains that the current [Database#snapshot] shows. To be the
    /// first thing that it does.
    public Snapshot snapshot(DbExecute db) {
        return new Snapshot(store.snapshot(db), store.ends(db).last());
    }

    /// The place from which the events go on that a snapshot does not contain.
    ///
    /// @param topics the topics that will be read from there
    /// @throws RpcException ABORTED if too much had been published and not sequenced when the
    ///   snapshot was taken
    public Token behind(Snapshot snapshot, Topics topics) {
        sequence();
        var head = snapshot.head();
        var contained =
                history.visit(db ->
                        store.seenBy(
                                db, snapshot.visible(), topics, head.seq(), Token.MAX_SKIPPED + 1));
        if (contained.size() > Token.MAX_SKIPPED) {
            throw new RpcException(Code.ABORTED, "too many events at once to join state and stream")
                    .withReason("SNAPSHOT_TOO_BUSY");
        }
        return new Token(head.term(), head.seq(), head.tag(), contained);
    }

    /// The last event of the log.
    Token last(DbExecute db) {
        return store.ends(db).last();
    }

    /// One step through the log, in a transaction of anybody's.
    History.Step next(DbExecute db, Token token, Selection selection) {
        return history.next(db, token, selection);
    }

    /// The position of the last event of topics among all that was committed before this was
    /// called, whichever replica published it: 0 where none is left. It only grows, save where
    /// events are dropped because of their age.
    ///
    /// @param topics topics by name, and none by pattern
    public long lastPosition(Topics topics) {
        if (!topics.prefixes().isEmpty()) {
            throw new IllegalArgumentException(
                    "topics: %s (expected: names alone)".formatted(topics.prefixes()));
        }
        sequence();
        return history.visit(db -> store.lastPosition(db, topics));
    }

    /// How long a stream may be silent.
    public Duration bookmarkInterval() {
        return settings.bookmarkInterval();
    }

    /// The place behind what is known here, for who wants to be told of all that comes later.
    public Token now() {
        return tail.settled();
    }

    /// Sequences all that has been committed, whichever replica published it.
    public void sequence() {
        var last = tail.ring().last();
        var _ =
                history.visit(db ->
                        store.sequence(db, pump.replica(), new SecureRandom().nextLong(), last, 0));
        pump.hint();
    }

    /// A topic that has events.
    ///
    /// @param first its first event
    /// @param last its last event
    /// @param eventsPerSecond over the last minute; empty while this replica has not run for one
    public record Topic(
            String name, FeedEvent first, FeedEvent last, OptionalDouble eventsPerSecond) {}

    /// The topics that have events, by name.
    ///
    /// @param after the name that they come behind
    public List<Topic> topics(String after, int limit) {
        var term = tail.ring().last().term();
        return history.visit(db -> topicStore.all(db, after, limit, term)).stream()
                .map(this::topic)
                .toList();
    }

    public Optional<Topic> topic(String name) {
        var term = tail.ring().last().term();
        return history.visit(db -> topicStore.find(db, name, term)).map(this::topic);
    }

    /// Tells that another replica has sequenced, where something faster than the database knows.
    public void hint() {
        pump.hint();
    }

    @Override
    public void close() {
        notifications.close();
        upkeep.close();
        pump.close();
        database.close();
    }

    private Topic topic(TopicStore.Extent extent) {
        return new Topic(extent.topic(), extent.first(), extent.last(), rates.of(extent.topic()));
    }

    private void sequencedBy(String replica) {
        if (!replica.equals(pump.replica())) {
            pump.hint();
        }
    }
}
