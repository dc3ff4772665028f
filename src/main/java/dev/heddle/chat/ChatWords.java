package dev.heddle.chat;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.heddle.chat.v1.ChatEvent;
import dev.heddle.feed.FeedEvent;
import dev.heddle.feed.LiveStream;
import dev.heddle.feed.Token;
import dev.heddle.rpc.Shared;
import java.time.Duration;
import java.util.List;

/// How a stream tells of a room, or of an inbox.
///
/// @param room its id; empty for an inbox
/// @param typingLife the age at which it no longer matters that somebody types
/// @param onClosed to be run where it is told that the room was removed
record ChatWords(String room, Duration typingLife, Runnable onClosed)
        implements LiveStream.Words<ChatEvent> {
    @Override
    public List<Shared<ChatEvent>> of(List<FeedEvent> events) {
        if (events.stream().anyMatch(event -> event.type().equals(ChatEvents.CLOSED))) {
            onClosed.run();
        }
        return events.stream()
                .filter(this::matters)
                .map(event -> event.as(ChatEvents.READING))
                .toList();
    }

    @Override
    public ChatEvent.Builder at(Token token) {
        return at(token, room);
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
}
