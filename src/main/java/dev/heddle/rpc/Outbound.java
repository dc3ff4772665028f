package dev.heddle.rpc;

/// The messages that go to a caller, in order. To be used by one thread at a time.
///
/// @param <R> the type of the messages
@FunctionalInterface
public interface Outbound<R> {
    /// Sends a message, waiting for as long as the caller is slow to take what was sent before. At
    /// return the message is encoded: it may be changed and sent again.
    ///
    /// @throws RpcException if the call is cancelled or the caller has gone
    void send(R message);
}
