package dev.heddle.facade.grpc.helidon;

import dev.heddle.rpc.RpcException;

/// What arrives from a caller where a message is expected.
sealed interface Incoming<Q> {
    /// A message.
    record Received<Q>(Q message) implements Incoming<Q> {}

    /// Bytes that are no message.
    record Unreadable<Q>(RpcException reason) implements Incoming<Q> {}
}
