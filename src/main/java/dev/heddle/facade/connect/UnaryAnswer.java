package dev.heddle.facade.connect;

import com.google.protobuf.Message;
import dev.heddle.facade.CallHeaders;
import dev.heddle.facade.envelope.Answer;
import dev.heddle.facade.envelope.Codec;
import dev.heddle.facade.envelope.Gzip;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/// The one response of a call, or its failure. Trailers are header fields whose names begin with
/// `trailer-`.
final class UnaryAnswer<R extends Message> implements Answer<R> {
    /// Below this, in bytes, compression costs more than it saves.
    private static final int MIN_COMPRESSED_SIZE = 1024;

    private final Call call;
    private final Codec<?, R> codec;
    private final ConnectType type;
    private final boolean compresses;
    private final ConnectReply reply;
    private Optional<byte[]> body = Optional.empty();

    /// @param compresses whether the caller accepts gzip
    UnaryAnswer(
            Call call,
            Codec<?, R> codec,
            ConnectType type,
            boolean compresses,
            ConnectReply reply) {
        this.call = call;
        this.codec = codec;
        this.type = type;
        this.compresses = compresses;
        this.reply = reply;
    }

    @Override
    public void send(R message) {
        try {
            body = Optional.of(codec.encode(message, 0));
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
    }

    @Override
    public void end(Optional<RpcException> failure) throws IOException {
        if (failure.isPresent()) {
            reply.fail(failure.get(), headers().build());
            return;
        }
        var headers = headers().set("content-type", type.name());
        var bytes = body.orElseThrow();
        if (compresses && bytes.length >= MIN_COMPRESSED_SIZE) {
            reply.send(200, headers.set("content-encoding", Gzip.NAME), Gzip.deflate(bytes));
        } else {
            reply.send(200, headers, bytes);
        }
    }

    @Override
    public void endWithoutFields(RpcException failure) throws IOException {
        reply.fail(failure, Headers.empty());
    }

    private Headers.Builder headers() {
        var headers = CallHeaders.of(call);
        call.responseTrailers()
                .build()
                .forEach((name, value) -> headers.add("trailer-" + name, value));
        return headers;
    }
}
