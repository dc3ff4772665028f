package dev.heddle.facade.envelope;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import dev.heddle.rpc.Contract;
import io.grpc.Status.Code;
import java.io.IOException;

/// Messages in Protobuf's binary form.
public final class ProtoCodec<Q extends Message, R extends Message> implements Codec<Q, R> {
    private final RequestParser<Q> parser;

    /// @param malformed the code of the failure for bytes that are no message
    public ProtoCodec(Contract<Q, R> contract, Code malformed) {
        this.parser = new RequestParser<>(contract.request(), malformed);
    }

    @Override
    public Q parse(byte[] bytes) {
        return parser.parse(bytes);
    }

    @Override
    public byte[] encode(R message, int room) throws IOException {
        var size = message.getSerializedSize();
        var bytes = new byte[room + size];
        var out = CodedOutputStream.newInstance(bytes, room, size);
        message.writeTo(out);
        out.checkNoSpaceLeft();
        return bytes;
    }
}
