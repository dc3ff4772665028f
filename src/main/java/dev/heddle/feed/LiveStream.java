package dev.heddle.feed;

import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import dev.heddle.feed.v1.Bookmark;
import dev.heddle.feed.v1.Bye;
import dev.heddle.feed.v1.Reset;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Shared;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// Tells a caller what a cursor finds, for as long as the call lasts: events, bookmarks while there
/// are none, a reset, and goodbye when the gateway stops.
///
/// @param <R> the messages of the stream
public final class LiveStream<R extends Message> {
    private static final long FIRST_RETRY_MILLIS = 500;
    private static final long LAST_RETRY_MILLIS = 3000;

    private final Cursor cursor;
    private final Words<R> words;
    private final Duration bookmarkInterval;
    private volatile boolean isEnding;

    /// How a stream says what all say.
    public interface Words<R extends Message> {
        /// The messages that tell of events; fewer than there are events, where some can be left
        /// out.
        List<Shared<R>> of(List<FeedEvent> events);

        /// A message at a place that says nothing yet. Its type has a field for each of the marks:
        /// [Bookmark], [Reset], [Bye] and, where a state is told, [dev.heddle.feed.v1.Synced].
        Message.Builder at(Token token);

        /// A message that says what the stream itself has to say.
        ///
        /// @param mark one of those
        default R of(Token token, Message mark) {
            var message = at(token);
            var field =
                    message.getDescriptorForType().getFields().stream()
                            .filter(each ->
                                    each.getJavaType() == JavaType.MESSAGE
                                            && each.getMessageType()
                                                    .equals(mark.getDescriptorForType()))
                            .findFirst()
                            .orElseThrow();
            @SuppressWarnings("unchecked") // a builder builds messages of its own type
            var marked = (R) message.setField(field, mark).build();
            return marked;
        }
    }

    /// @param bookmarkInterval how long the stream may be silent
    public LiveStream(Cursor cursor, Words<R> words, Duration bookmarkInterval) {
        this.cursor = cursor;
        this.words = words;
        this.bookmarkInterval = bookmarkInterval;
    }

    /// Sends a bookmark, which says that the stream is live.
    public void greet(Outbound<R> out) {
        out.send(words.of(cursor.token(), Bookmark.getDefaultInstance()));
    }

    /// Has [#run] return soon, without a goodbye. May be called from any thread.
    public void end() {
        isEnding = true;
        cursor.stop();
    }

    /// Sends what comes until events are missing, and that they are; or until [#end].
    ///
    /// @throws RpcException UNAVAILABLE, reason `STOPPING`, after it has said goodbye; the call's
    ///   cancellation
    public void run(Outbound<R> out, Call call) throws InterruptedException {
        try (var _ = call.onDrain(cursor::stop)) {
            while (true) {
                switch (cursor.next(bookmarkInterval)) {
                    case Next.Events(var events) -> out.sendAll(words.of(events));
                    case Next.Nothing _ -> greet(out);
                    case Next.Reset(var cause) -> {
                        out.send(words.of(cursor.token(), reset(cause)));
                        return;
                    }
                    case Next.Stopping _ -> {
                        if (isEnding) {
                            return;
                        }
                        sayGoodbye(out);
                    }
                }
            }
        }
    }

    /// How long a caller is to wait before it calls another gateway: half a second to three, by
    /// chance.
    public static Duration retryAfter() {
        return Duration.ofMillis(
                ThreadLocalRandom.current().nextLong(FIRST_RETRY_MILLIS, LAST_RETRY_MILLIS));
    }

    private void sayGoodbye(Outbound<R> out) {
        var retryAfter = retryAfter();
        var bye =
                Bye.newBuilder().setRetryAfter(Durations.fromMillis(retryAfter.toMillis())).build();
        out.send(words.of(cursor.token(), bye));
        throw RpcException.stopping(retryAfter);
    }

    private static Reset reset(Next.Cause cause) {
        return Reset.newBuilder()
                .setCause(
                        switch (cause) {
                            case EXPIRED -> Reset.Cause.CAUSE_EXPIRED;
                            case OTHER_HISTORY -> Reset.Cause.CAUSE_OTHER_HISTORY;
                        })
                .build();
    }
}
