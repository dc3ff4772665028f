package dev.heddle.rpc;

import com.google.protobuf.Message;
import java.util.List;

/// The messages that go to a caller, in order. To be used by one thread at a time, which may be
/// another than the one that reads what the caller sends; see [Inbound].
///
/// @param <R> the type of the messages
@FunctionalInterface
public interface Outbound<R extends Message> {
    /// Sends a message, waiting for as long as the caller is slow to take what was sent before. At
    /// return the message is encoded: it may be changed and sent again.
    ///
    /// @throws RpcException if the call is cancelled or the caller has gone
    void send(R message);

    /// Sends messages that others get too, in order and as [#send] does, at the cost of a copy
    /// each: they are encoded once for all callers of a framing.
    ///
    /// @throws RpcException if the call is cancelled or the caller has gone, after any number of
    ///   them
    default void sendAll(List<Shared<R>> messages) {
        messages.forEach(each -> send(each.message()));
    }
}
