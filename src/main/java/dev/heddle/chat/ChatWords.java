package dev.heddle.chat;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.heddle.chat.v1.ChatEvent;
import dev.heddle.feed.FeedEvent;
import dev.heddle.feed.LiveStream;
import dev.heddle.feed.Token;
import dev.heddle.feed.v1.Bookmark;
import dev.heddle.feed.v1.Bye;
import dev.heddle.feed.v1.Reset;
import dev.heddle.rpc.Shared;
import java.time.Duration;
import java.util.List;

/// How a stream tells of a room, or of an inbox.
///
/// @param room its id; empty for an inbox
/// @param skipped positions that the state shows with which the stream began
/// @param typingLife the age at which it no longer matters that somebody types
/// @param onClosed to be run where it is told that the room was removed
record ChatWords(String room, List<Long> skipped, Duration typingLife, Runnable onClosed)
        implements LiveStream.Words<ChatEvent> {
    @Override
    public List<Shared<ChatEvent>> of(List<FeedEvent> events) {
        if (events.stream().anyMatch(event -> event.type().equals(ChatEvents.CLOSED))) {
            onClosed.run();
        }
        return events.stream().filter(this::matters).map(this::of).toList();
    }

    @Override
    public ChatEvent of(Token token, Bookmark bookmark) {
        return at(token, room).setBookmark(bookmark).build();
    }

    @Override
    public ChatEvent of(Token token, Reset reset) {
        return at(token, room).setReset(reset).build();
    }

    @Override
    public ChatEvent of(Token token, Bye bye) {
        return at(token, room).setBye(bye).build();
    }

    static ChatEvent.Builder at(Token token, String room) {
        return ChatEvent.newBuilder().setToken(token.toString()).setRoom(room);
    }

    private boolean matters(FeedEvent event) {
        return !event.type().equals(ChatEvents.TYPING)
                || Timestamps.compare(
                                Timestamps.add(
                                        event.time(), Durations.fromMillis(typingLife.toMillis())),
                                Timestamps.now())
                        > 0;
    }

    /// An event as all get it; where the state, with which this stream began, shows later ones
    /// already, with a token of its own that passes them over.
    private Shared<ChatEvent> of(FeedEvent event) {
        var later = skipped.stream().filter(seq -> seq > event.seq()).toList();
        var shared = event.as(ChatEvents.READING);
        if (later.isEmpty()) {
            return shared;
        }
        var own = event.token();
        var token = new Token(own.term(), own.seq(), own.tag(), later);
        return Shared.of(shared.message().toBuilder().setToken(token.toString()).build());
    }
}
