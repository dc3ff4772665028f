package dev.heddle.facade.envelope;

import com.google.protobuf.Message;
import java.io.IOException;

/// How messages are written. Encodings that write the same are equal.
public interface Encoding {
    /// Writes a message.
    ///
    /// @param room how many bytes to leave free before it
    byte[] encode(Message message, int room) throws IOException;
}
