package dev.heddle.feed;

import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import dev.heddle.rpc.Shared;
import java.util.Arrays;

/// An event of the log. It never changes, so one object serves all readers of a replica, and keeps
/// what they made of it.
public final class FeedEvent {
    /// What an object takes besides its payload, in bytes, roughly.
    private static final int OVERHEAD = 300;

    /// How many readings are kept; further ones are made anew for each reader.
    private static final int MAX_READINGS = 8;

    private final long seq;
    private final String topic;
    private final String type;
    private final String key;
    private final String payload;
    private final Timestamp time;
    private final Token token;
    private volatile Made[] made = {};

    /// A way to tell events to callers. Its identity matters: it is to be made once, not for each
    /// caller.
    ///
    /// @param <R> the message that tells of an event
    @FunctionalInterface
    public interface Reading<R extends Message> {
        R of(FeedEvent event);
    }

    private record Made(Reading<?> reading, Shared<?> message) {}

    FeedEvent(String topic, String type, String key, String payload, Timestamp time, Token token) {
        this.seq = token.seq();
        this.topic = topic;
        this.type = type;
        this.key = key;
        this.payload = payload;
        this.time = time;
        this.token = token;
    }

    /// The event for a reader who goes on behind it with a token of its own, as who has some of the
    /// later events already.
    FeedEvent withToken(Token own) {
        return new FeedEvent(topic, type, key, payload, time, own);
    }

    /// Its position in the log, which counts from 1 without gaps.
    public long seq() {
        return seq;
    }

    public String topic() {
        return topic;
    }

    public String type() {
        return type;
    }

    /// What it happened to; empty for nothing in particular.
    public String key() {
        return key;
    }

    /// A JSON object.
    public String payload() {
        return payload;
    }

    /// When it was published, by the database's clock; not in the order of positions.
    public Timestamp time() {
        return time;
    }

    /// What to go on behind it with.
    public Token token() {
        return token;
    }

    /// The event as a message, made by the first who asks.
    public <R extends Message> Shared<R> as(Reading<R> reading) {
        for (var each : made) {
            if (each.reading.equals(reading)) {
                @SuppressWarnings("unchecked") // a reading is kept with what it made
                var message = (Shared<R>) each.message;
                return message;
            }
        }
        var message = Shared.of(reading.of(this));
        keep(new Made(reading, message));
        return message;
    }

    /// Where two threads meet, one of the two is made again later.
    private void keep(Made one) {
        var present = made;
        if (present.length < MAX_READINGS) {
            var more = Arrays.copyOf(present, present.length + 1);
            more[present.length] = one;
            made = more;
        }
    }

    /// About how much memory it takes, with what readers make of it, in bytes.
    int size() {
        return OVERHEAD + 3 * payload.length();
    }

    @Override
    public String toString() {
        return "%d %s %s %s".formatted(seq, topic, type, key);
    }
}
