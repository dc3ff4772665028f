package dev.heddle.events;

import com.google.protobuf.Struct;
import dev.heddle.events.v1.Event;
import dev.heddle.events.v1.SubscribeResponse;
import dev.heddle.feed.FeedEvent;
import dev.heddle.feed.LiveStream;
import dev.heddle.feed.Payloads;
import dev.heddle.feed.Token;
import dev.heddle.rpc.Shared;
import java.util.LinkedHashMap;
import java.util.List;

/// How a subscription says what it has to say.
///
/// @param coalesces whether, of events that come together, the last of each topic and key suffices
record EventWords(boolean coalesces) implements LiveStream.Words<SubscribeResponse> {
    private static final FeedEvent.Reading<SubscribeResponse> READING =
            event ->
                    SubscribeResponse.newBuilder()
                            .setToken(event.token().toString())
                            .setEvent(toMessage(event))
                            .build();

    private record Subject(String topic, String key) {}

    static Event toMessage(FeedEvent event) {
        return Event.newBuilder()
                .setTopic(event.topic())
                .setType(event.type())
                .setKey(event.key())
                .setPayload(Payloads.read(event.payload(), Struct.newBuilder()))
                .setPublishTime(event.time())
                .setPosition(event.seq())
                .build();
    }

    @Override
    public List<Shared<SubscribeResponse>> of(List<FeedEvent> events) {
        var told = coalesces && events.size() > 1 ? lastOfEach(events) : events;
        return told.stream().map(event -> event.as(READING)).toList();
    }

    /// In the order of the events that are left.
    private static List<FeedEvent> lastOfEach(List<FeedEvent> events) {
        var left = new LinkedHashMap<Object, FeedEvent>();
        for (var event : events) {
            var subject =
                    event.key().isEmpty()
                            ? (Object) event.seq()
                            : new Subject(event.topic(), event.key());
            left.remove(subject);
            left.put(subject, event);
        }
        return List.copyOf(left.values());
    }

    @Override
    public SubscribeResponse.Builder at(Token token) {
        return SubscribeResponse.newBuilder().setToken(token.toString());
    }
}
