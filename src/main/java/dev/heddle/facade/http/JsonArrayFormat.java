package dev.heddle.facade.http;

import com.google.protobuf.Message;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Shared;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/// One array of all messages. Its closing bracket says that it is complete: after a failure the
/// last element is `{"@error":<status>}` and the bracket never comes, so that no parser takes the
/// array for whole, and the reason can still be read. A heartbeat is an empty line.
final class JsonArrayFormat implements StreamFormat {
    private static final byte[] ERROR = "{\"@error\":".getBytes(StandardCharsets.UTF_8);

    private final MessageWriter writer;
    private final Duration heartbeat;
    private boolean isEmpty = true;

    JsonArrayFormat(MessageWriter writer, Duration heartbeat) {
        this.writer = writer;
        this.heartbeat = heartbeat;
    }

    @Override
    public String name() {
        return "json";
    }

    @Override
    public void headers(Optional<Message> first, Headers.Builder headers) {
        headers.set("content-type", "application/json");
        headers.set("x-accel-buffering", "no");
    }

    @Override
    public void start(OutputStream out) throws IOException {
        out.write('[');
    }

    @Override
    public void message(Message message, OutputStream out) throws IOException {
        separate(out);
        writer.write(message, out);
    }

    @Override
    public void message(Shared<?> message, OutputStream out) throws IOException {
        separate(out);
        out.write(message.in(writer));
    }

    @Override
    public Optional<Duration> startPatience() {
        return Optional.of(heartbeat);
    }

    @Override
    public void heartbeat(OutputStream out) throws IOException {
        out.write('\n');
    }

    @Override
    public void end(OutputStream out) throws IOException {
        out.write('\n');
        out.write(']');
        out.write('\n');
    }

    @Override
    public boolean fail(RpcException failure, OutputStream out) throws IOException {
        separate(out);
        out.write(ERROR);
        out.write(writer.toBytes(failure));
        out.write('}');
        out.write('\n');
        return true;
    }

    private void separate(OutputStream out) throws IOException {
        if (!isEmpty) {
            out.write(',');
        }
        isEmpty = false;
        out.write('\n');
    }
}
