package dev.heddle.source;

import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;

/// A failure of the source's own, which another try may not meet.
final class TransientException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final RpcException reason;

    TransientException(RpcException reason, Throwable cause) {
        super(reason.message(), cause);
        this.reason = reason;
    }

    /// The server can't be reached or does not speak HTTP.
    static TransientException unreachable(Throwable cause) {
        return new TransientException(
                new RpcException(Code.UNAVAILABLE, "the source can't be reached")
                        .withReason(Source.UNAVAILABLE)
                        .withCause(cause),
                cause);
    }

    RpcException reason() {
        return reason;
    }
}
