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

    /// How its responses are written.
    Encoding encoding();

    /// Writes a response.
    ///
    /// @param room how many bytes to leave free before it
    default byte[] encode(R message, int room) throws IOException {
        return encoding().encode(message, room);
    }
}
