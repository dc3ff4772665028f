package dev.heddle.facade.envelope;

import com.google.protobuf.Message;
import java.io.IOException;

/// How the messages of one method are bytes.
///
/// @param <Q> the type of its requests
/// @param <R> the type of its responses
public interface Codec<Q extends Message, R extends Message> {
    /// Reads a request.
    ///
    /// @throws dev.heddle.rpc.RpcException for bytes that are none
    Q parse(byte[] bytes);

    /// Writes a response.
    ///
    /// @param room how many bytes to leave free before it
    byte[] encode(R message, int room) throws IOException;
}
