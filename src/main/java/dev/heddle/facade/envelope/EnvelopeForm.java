package dev.heddle.facade.envelope;

import com.google.protobuf.Message;
import dev.heddle.rpc.Shared;
import java.io.IOException;

/// A message in its envelope, the same for all framings that have such.
///
/// @param compresses whether it is compressed, if it is not very small
record EnvelopeForm(Encoding encoding, boolean compresses) implements Shared.Form<Message, byte[]> {
    @Override
    public byte[] encode(Message message) throws IOException {
        return Envelope.of(message, encoding, compresses);
    }
}
