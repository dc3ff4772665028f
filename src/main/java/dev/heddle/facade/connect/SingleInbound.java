package dev.heddle.facade.connect;

import com.google.protobuf.Message;
import dev.heddle.facade.envelope.Codec;
import dev.heddle.facade.envelope.Gzip;
import dev.heddle.facade.envelope.MessageSettings;
import dev.heddle.facade.envelope.Peer;
import dev.heddle.rpc.Inbound;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.io.IOException;
import java.util.Optional;

/// The one request of a call. It is not read before it is asked for, so that a caller who is
/// refused needn't have been listened to.
final class SingleInbound<Q extends Message> implements Inbound<Q> {
    private final Source source;
    private final Codec<Q, ?> codec;
    private final boolean isGzip;
    private final MessageSettings settings;
    private final Peer peer;
    private boolean isRead;

    /// Where the bytes of the request come from.
    @FunctionalInterface
    interface Source {
        /// All of them, or as many as show that there are too many.
        byte[] read() throws IOException;
    }

    SingleInbound(
            Source source, Codec<Q, ?> codec, boolean isGzip, MessageSettings settings, Peer peer) {
        this.source = source;
        this.codec = codec;
        this.isGzip = isGzip;
        this.settings = settings;
        this.peer = peer;
    }

    @Override
    public Optional<Q> next() {
        if (isRead) {
            return Optional.empty();
        }
        isRead = true;
        try {
            var bytes = bounded(source.read());
            return Optional.of(codec.parse(isGzip && bytes.length > 0 ? inflated(bytes) : bytes));
        } catch (IOException e) {
            throw peer.toRpcException(e);
        }
    }

    private byte[] inflated(byte[] bytes) {
        try {
            return bounded(Gzip.inflate(bytes, settings.maxMessageSize() + 1));
        } catch (IOException e) {
            throw new RpcException(
                            Code.INVALID_ARGUMENT, "the request is not gzip, as it claims to be")
                    .withCause(e);
        }
    }

    private byte[] bounded(byte[] bytes) {
        if (bytes.length > settings.maxMessageSize()) {
            throw settings.messageTooLarge();
        }
        return bytes;
    }
}
