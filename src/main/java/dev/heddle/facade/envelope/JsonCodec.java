package dev.heddle.facade.envelope;

import com.google.protobuf.Message;
import dev.heddle.facade.json.Json;
import dev.heddle.rpc.Contract;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;

/// Messages as JSON, the same as over plain HTTP.
public final class JsonCodec<Q extends Message, R extends Message> implements Codec<Q, R> {
    private final Json json;
    private final Encoding encoding;
    private final Q prototype;

    public JsonCodec(Contract<Q, R> contract, Json json) {
        this.json = json;
        this.encoding = new JsonEncoding(json);
        this.prototype = contract.request();
    }

    @Override
    @SuppressWarnings("unchecked") // a message's builder makes messages of the same type
    public Q parse(byte[] bytes) {
        if (bytes.length == 0) {
            throw new RpcException(Code.INVALID_ARGUMENT, "malformed JSON: it is empty");
        }
        var request = prototype.newBuilderForType();
        json.merge(bytes, request);
        return (Q) request.build();
    }

    @Override
    public Encoding encoding() {
        return encoding;
    }
}
