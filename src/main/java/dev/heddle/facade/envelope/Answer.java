package dev.heddle.facade.envelope;

import com.google.protobuf.Message;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.RpcException;
import java.io.IOException;
import java.util.Optional;

/// What goes back to the caller of one call: messages, then an end that can't be mistaken.
///
/// @param <R> the type of the messages
public interface Answer<R extends Message> extends Outbound<R> {
    /// Ends the call, well if there is no failure.
    ///
    /// @throws IllegalArgumentException if a field that the handler set can't be sent
    void end(Optional<RpcException> failure) throws IOException;

    /// Ends the call with an error, and without any fields of the handler's.
    void endWithoutFields(RpcException failure) throws IOException;
}
