package dev.heddle.facade.envelope;

import com.google.protobuf.Message;
import dev.heddle.rpc.Contract;
import io.grpc.Status.Code;

/// Messages in Protobuf's binary form.
public final class ProtoCodec<Q extends Message, R extends Message> implements Codec<Q, R> {
    private static final Encoding ENCODING = new ProtoEncoding();

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
    public Encoding encoding() {
        return ENCODING;
    }
}
