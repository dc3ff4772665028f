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

/// A message a line, as it is, and then one line more: `{"@end":{}}` or `{"@error":<status>}`.
///
/// The messages aren't wrapped, so that `jq .name` and the readers of data tools work on them as
/// they are; one line to drop at the end is less trouble than a wrapper around each. A name with an
/// `@` can't be the name of a field. A heartbeat is an empty line.
final class NdjsonFormat implements StreamFormat {
    private static final byte[] END = "{\"@end\":{}}\n".getBytes(StandardCharsets.UTF_8);
    private static final byte[] ERROR = "{\"@error\":".getBytes(StandardCharsets.UTF_8);

    private final MessageWriter writer;
    private final String contentType;
    private final Duration heartbeat;

    NdjsonFormat(MessageWriter writer, String contentType, Duration heartbeat) {
        this.writer = writer;
        this.contentType = contentType;
        this.heartbeat = heartbeat;
    }

    @Override
    public String name() {
        return "ndjson";
    }

    @Override
    public void headers(Optional<Message> first, Headers.Builder headers) {
        headers.set("content-type", contentType);
        headers.set("x-accel-buffering", "no");
    }

    @Override
    public void message(Message message, OutputStream out) throws IOException {
        writer.write(message, out);
        out.write('\n');
    }

    @Override
    public void message(Shared<?> message, OutputStream out) throws IOException {
        out.write(message.in(writer));
        out.write('\n');
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
        out.write(END);
    }

    @Override
    public boolean fail(RpcException failure, OutputStream out) throws IOException {
        out.write(ERROR);
        out.write(writer.toBytes(failure));
        out.write('}');
        out.write('\n');
        return true;
    }
}
