package dev.heddle.facade.envelope;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.UnsafeByteOperations;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;

/// Reads the request messages of one method.
public final class RequestParser<Q extends Message> {
    private static final int LARGE = 16 * 1024;

    private final Parser<Q> parser;
    private final String type;
    private final Code malformed;

    /// A parser that refuses as gRPC's `statuscodes.md` has it, with INTERNAL.
    public RequestParser(Q prototype) {
        this(prototype, Code.INTERNAL);
    }

    /// @param malformed the code of the failure for bytes that are no message
    @SuppressWarnings("unchecked") // a message's parser makes messages of the same type
    public RequestParser(Q prototype, Code malformed) {
        this.malformed = malformed;
        this.parser = (Parser<Q>) prototype.getParserForType();
        this.type = prototype.getDescriptorForType().getFullName();
    }

    /// Reads one message; the array is its own from here on.
    ///
    /// @throws RpcException for bytes that are no message
    public Q parse(byte[] bytes) {
        try {
            return parser.parseFrom(input(bytes));
        } catch (InvalidProtocolBufferException e) {
            throw new RpcException(
                            malformed, "the request is no %s: %s".formatted(type, e.getMessage()))
                    .withCause(e);
        }
    }

    /// Fields of bytes in a large message are parts of the array that it came in.
    private static CodedInputStream input(byte[] bytes) {
        var input = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
        input.enableAliasing(bytes.length >= LARGE);
        return input;
    }
}
