package dev.heddle.bench.http2;

import com.google.protobuf.ByteString;
import dev.heddle.bench.v1.EchoRequest;
import dev.heddle.bench.v1.EchoResponse;
import dev.heddle.bench.v1.StreamRequest;
import dev.heddle.bench.v1.StreamResponse;

/// What every server answers.
final class Answers {
    private Answers() {}

    static EchoResponse echo(EchoRequest request) {
        return EchoResponse.newBuilder().setPayload(request.getPayload()).build();
    }

    /// The payload of every message of a stream, made once.
    static ByteString payload(StreamRequest request) {
        return ByteString.copyFrom(new byte[request.getSize()]);
    }

    static StreamResponse message(ByteString payload) {
        return StreamResponse.newBuilder().setPayload(payload).build();
    }
}
