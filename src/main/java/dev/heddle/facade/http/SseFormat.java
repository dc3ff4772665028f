package dev.heddle.facade.http;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/// Server-sent events (the HTML standard, 9.2): a message each, with the value of the method's
/// cursor field as its id, and last an event `end` with `{}` or an event `error` with a status.
///
/// A browser's `EventSource` connects again when a response ends, and sends the last id: close it
/// on `end`, or it starts over behind the last message. A heartbeat is a comment.
final class SseFormat implements StreamFormat {
    /// When the peer gets to see the header of a stream that has nothing to say yet.
    private static final Duration START_PATIENCE = Duration.ofMillis(500);

    private static final byte[] RETRY = bytes("retry: 3000\n\n");
    private static final byte[] HEARTBEAT = bytes(":\n\n");
    private static final byte[] ID = bytes("id: ");
    private static final byte[] DATA = bytes("data: ");
    private static final byte[] BLANK = bytes("\n\n");
    private static final byte[] END = bytes("event: end\ndata: {}\n\n");
    private static final byte[] ERROR = bytes("event: error\ndata: ");

    private final MessageWriter writer;
    private final Optional<FieldDescriptor> cursor;
    private final Duration startPatience;

    /// @param cursor the field that identifies a message within the stream
    SseFormat(MessageWriter writer, Optional<FieldDescriptor> cursor, Duration heartbeat) {
        this.writer = writer;
        this.cursor = cursor;
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
        if (cursor.isPresent()) {
            var id = PlainText.of(message, cursor.get(), writer.json());
            if (isId(id)) {
                out.write(ID);
                out.write(bytes(id));
                out.write('\n');
            }
        }
        out.write(DATA);
        writer.write(message, out);
        out.write(BLANK);
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
        out.write(ERROR);
        out.write(writer.toBytes(failure));
        out.write(BLANK);
        return true;
    }

    /// Whether a text stays what it is as an id.
    private static boolean isId(String text) {
        return !text.isEmpty()
                && text.charAt(0) != ' '
                && text.chars().noneMatch(c -> c == '\n' || c == '\r' || c == 0);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
