package dev.heddle.facade.http;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import com.google.rpc.RetryInfo;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Shared;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/// Server-sent events (the HTML standard, 9.2): a message each, with the value of the method's
/// cursor field as its id, and last an event `end` with `{}` or an event `error` with a status.
///
/// A browser's `EventSource` connects again when a response ends, and sends the last id: close it
/// on `end`, or it starts over behind the last message. An `error` that says when another try makes
/// sense (`google.rpc.RetryInfo`) has that time as its `retry`, so that it doesn't come back
/// before. A heartbeat is a comment.
final class SseFormat implements StreamFormat {
    /// When the peer gets to see the header of a stream that has nothing to say yet.
    private static final Duration START_PATIENCE = Duration.ofMillis(500);

    private static final byte[] RETRY = bytes("retry: 3000\n\n");
    private static final byte[] HEARTBEAT = bytes(":\n\n");
    private static final byte[] BLANK = bytes("\n\n");
    private static final byte[] END = bytes("event: end\ndata: {}\n\n");
    private static final byte[] ERROR = bytes("event: error\ndata: ");

    private final MessageWriter writer;
    private final SseEvent event;
    private final Duration startPatience;

    /// @param cursor the field that identifies a message within the stream
    SseFormat(MessageWriter writer, Optional<FieldDescriptor> cursor, Duration heartbeat) {
        this.writer = writer;
        this.event = new SseEvent(writer, cursor);
        this.startPatience = heartbeat.compareTo(START_PATIENCE) < 0 ? heartbeat : START_PATIENCE;
    }

    @Override
    public String name() {
        return "sse";
    }

    @Override
    public void headers(Optional<Message> first, Headers.Builder headers) {
        headers.set("content-type", "text/event-stream");
        headers.set("cache-control", "no-cache, no-transform");
        headers.set("x-accel-buffering", "no");
    }

    @Override
    public void start(OutputStream out) throws IOException {
        out.write(RETRY);
    }

    @Override
    public void message(Message message, OutputStream out) throws IOException {
        event.write(message, out);
    }

    @Override
    public void message(Shared<?> message, OutputStream out) throws IOException {
        out.write(message.in(event));
    }

    @Override
    public Optional<Duration> startPatience() {
        return Optional.of(startPatience);
    }

    @Override
    public void heartbeat(OutputStream out) throws IOException {
        out.write(HEARTBEAT);
    }

    @Override
    public void end(OutputStream out) throws IOException {
        out.write(END);
    }

    @Override
    public boolean fail(RpcException failure, OutputStream out) throws IOException {
        out.write(bytes(retry(failure)));
        out.write(ERROR);
        out.write(writer.toBytes(failure));
        out.write(BLANK);
        return true;
    }

    /// When a failure says when to come again, `EventSource` obeys it.
    private static String retry(RpcException failure) {
        return failure.detail(RetryInfo.class)
                .map(info -> "retry: %d\n".formatted(Durations.toMillis(info.getRetryDelay())))
                .orElse("");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
