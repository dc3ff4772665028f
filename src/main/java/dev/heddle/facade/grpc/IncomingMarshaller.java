package dev.heddle.facade.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.heddle.rpc.RpcException;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status.Code;
import java.io.IOException;
import java.io.InputStream;

/// Reads request messages up to a bound. What can't be read is handed on as the error to answer
/// with, for an exception in a marshaller would reach nobody but the transport. The codes are those
/// of gRPC's `statuscodes.md`.
final class IncomingMarshaller<Q extends Message> implements Marshaller<Incoming<Q>> {
    private final Parser<Q> parser;
    private final String type;
    private final GrpcFacade.Settings settings;

    @SuppressWarnings("unchecked") // a message's parser makes messages of the same type
    IncomingMarshaller(Q prototype, GrpcFacade.Settings settings) {
        this.parser = (Parser<Q>) prototype.getParserForType();
        this.type = prototype.getDescriptorForType().getFullName();
        this.settings = settings;
    }

    @Override
    public InputStream stream(Incoming<Q> value) {
        throw new UnsupportedOperationException("requests are read here, not written");
    }

    @Override
    public Incoming<Q> parse(InputStream stream) {
        try (stream) {
            var bytes = stream.readNBytes(settings.maxMessageSize() + 1);
            return bytes.length > settings.maxMessageSize()
                    ? new Incoming.Unreadable<>(settings.messageTooLarge())
                    : new Incoming.Received<>(parser.parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
            return unreadable("the request is no %s: %s".formatted(type, e.getMessage()), e);
        } catch (IOException e) {
            return unreadable("the request can't be decompressed", e);
        }
    }

    private static <Q> Incoming<Q> unreadable(String message, IOException cause) {
        return new Incoming.Unreadable<>(new RpcException(Code.INTERNAL, message).withCause(cause));
    }
}
