package dev.heddle.facade.envelope;

import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;

/// How the messages of gRPC, gRPC-Web and Connect are treated.
///
/// @param maxMessageSize how many bytes a request message may have, before and after decompression;
///   at least 1, default 4 MiB, key `grpc.max-message-size`
/// @param compresses whether messages to a caller that accepts gzip are compressed, where they are
///   not very small; default no, key `grpc.compress`. What a caller compresses is read, and
///   answered in kind, in any case
public record MessageSettings(int maxMessageSize, boolean compresses) {
    /// What holds where nothing is configured.
    public static final MessageSettings DEFAULT = new MessageSettings(4 * 1024 * 1024, false);

    public MessageSettings {
        // one byte more is asked for, to see that there are too many
        if (maxMessageSize < 1 || maxMessageSize == Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "grpc.max-message-size: %d (expected: 1 to %d)"
                            .formatted(maxMessageSize, Integer.MAX_VALUE - 1));
        }
    }

    /// The refusal of a message beyond the bound.
    public RpcException messageTooLarge() {
        return new RpcException(
                Code.RESOURCE_EXHAUSTED,
                "a request message is too large (expected: at most %d bytes, grpc.max-message-size)"
                        .formatted(maxMessageSize));
    }
}
