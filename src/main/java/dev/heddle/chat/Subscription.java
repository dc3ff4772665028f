package dev.heddle.chat;

import dev.heddle.chat.v1.ChatEvent;
import dev.heddle.feed.Cursor;
import dev.heddle.feed.Feed;
import dev.heddle.feed.LiveStream;
import dev.heddle.feed.Selection;
import dev.heddle.feed.Start;
import dev.heddle.feed.Token;
import dev.heddle.feed.Topics;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Outbound;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// What one caller gets of a room, or of an inbox: what was before, then what happens.
final class Subscription implements AutoCloseable {
    private final Feed feed;
    private final Source source;
    private final String caller;
    private List<ChatEvent> before;
    private volatile Cursor cursor;
    private volatile LiveStream<ChatEvent> stream;
    private volatile boolean isEnding;

    /// What a caller subscribes to.
    ///
    /// @param room the room's id; empty for an inbox
    /// @param topic where its events are
    /// @param restart how to go on where events are missing
    /// @param typingLife the age at which it no longer matters that somebody types
    record Source(String room, String topic, Restart restart, Duration typingLife) {}

    /// How a subscription begins.
    ///
    /// @param before what is told first; empty: a bookmark
    /// @param start where the events go on
    record Beginning(List<ChatEvent> before, Start start) {
        List<Long> skipped() {
            return start instanceof Start.After(var token) ? token.skipped() : List.of();
        }
    }

    /// How to go on where events are missing.
    @FunctionalInterface
    interface Restart {
        /// The beginning from there on.
        ///
        /// @param reached the place of the first event that is still there
        Beginning from(Token reached);
    }

    private Subscription(
            Feed feed, Source source, String caller, Beginning beginning, Cursor cursor) {
        this.feed = feed;
        this.source = source;
        this.caller = caller;
        this.before = beginning.before();
        this.cursor = cursor;
        this.stream = feed.stream(cursor, words(beginning));
    }

    static Subscription open(Feed feed, Source source, String caller, Beginning beginning)
            throws InterruptedException {
        var cursor = open(feed, source.topic(), caller, beginning);
        return new Subscription(feed, source, caller, beginning, cursor);
    }

    /// Tells all, for as long as there is something to tell: until [#end], or until the room is
    /// closed.
    ///
    /// @throws dev.heddle.rpc.RpcException UNAVAILABLE, reason `STOPPING`, after it has said
    ///   goodbye; NOT_FOUND if events are missing and the room with them; the call's cancellation
    void run(Outbound<ChatEvent> out, Call call) throws InterruptedException {
        while (true) {
            tellBefore(out);
            stream.run(out, call);
            if (isEnding) {
                return;
            }
            beginAgain();
        }
    }

    /// Has [#run] return soon. May be called from any thread.
    void end() {
        isEnding = true;
        stream.end();
    }

    @Override
    public void close() {
        cursor.close();
    }

    /// The state is forgotten once it is told.
    private void tellBefore(Outbound<ChatEvent> out) {
        if (before.isEmpty()) {
            stream.greet(out);
        }
        before.forEach(out::send);
        before = List.of();
    }

    private void beginAgain() throws InterruptedException {
        cursor.close();
        var beginning = source.restart().from(cursor.token());
        cursor = open(feed, source.topic(), caller, beginning);
        before = beginning.before();
        stream = feed.stream(cursor, words(beginning));
        if (isEnding) {
            stream.end();
        }
    }

    private ChatWords words(Beginning beginning) {
        return new ChatWords(source.room(), beginning.skipped(), source.typingLife(), this::end);
    }

    private static Cursor open(Feed feed, String topic, String caller, Beginning beginning)
            throws InterruptedException {
        var selection = new Selection(Topics.of(topic), ChatEvents.TYPES, Set.of());
        return feed.open(selection, beginning.start(), caller);
    }
}
