package dev.heddle.facade.grpc.helidon;

import com.google.protobuf.Message;
import dev.heddle.facade.envelope.MessageSettings;
import dev.heddle.facade.envelope.RequestParser;
import dev.heddle.rpc.RpcException;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status.Code;
import java.io.IOException;
import java.io.InputStream;

/// Reads request messages up to a bound. What can't be read is handed on as the error to answer
/// with, for an exception in a marshaller would reach nobody but the transport. The codes are those
/// of gRPC's `statuscodes.md`.
final class IncomingMarshaller<Q extends Message> implements Marshaller<Incoming<Q>> {
    private final RequestParser<Q> parser;
    private final MessageSettings settings;

    IncomingMarshaller(RequestParser<Q> parser, MessageSettings settings) {
        this.parser = parser;
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
                    : new Incoming.Received<>(parser.parse(bytes));
        } catch (RpcException e) {
            return new Incoming.Unreadable<>(e);
        } catch (IOException e) {
            return new Incoming.Unreadable<>(
                    new RpcException(Code.INTERNAL, "the request can't be decompressed")
                            .withCause(e));
        }
    }
}
