package dev.heddle.facade.websocket;

import com.google.protobuf.ByteString;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import dev.heddle.websocket.v1.Envelope;
import java.util.LinkedHashMap;
import java.util.Map;

/// The envelopes that the gateway sends, and the types of all.
final class Envelopes {
    static final String REQUEST = "request";
    static final String MESSAGE = "message";
    static final String HALF_CLOSE = "half-close";
    static final String CREDIT = "credit";
    static final String PING = "ping";
    static final String PONG = "pong";

    private Envelopes() {}

    static Envelope.Builder message(ByteString payload) {
        return of(MESSAGE).setMessage(payload);
    }

    static Envelope.Builder end() {
        return of("end");
    }

    static Envelope.Builder error(RpcException failure) {
        return of("error").setStatus(failure.toStatus());
    }

    static Envelope credit(int credit) {
        return of(CREDIT).setCredit(credit).build();
    }

    static Envelope pong() {
        return of(PONG).build();
    }

    /// Header fields as an envelope has them: values that share a name are joined, as in HTTP.
    static Map<String, String> metadata(Headers headers) {
        var metadata = new LinkedHashMap<String, String>();
        headers.forEach((name, value) -> metadata.merge(name, value, (a, b) -> a + ", " + b));
        return metadata;
    }

    private static Envelope.Builder of(String type) {
        return Envelope.newBuilder().setType(type);
    }
}
