package dev.heddle.contract;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.heddle.contract.FramingClient.CutException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Messages behind a byte of flags and four bytes of length, as gRPC-Web and Connect have them.
final class Envelopes {
    /// One of them.
    record Envelope(int flags, ByteString content) {}

    private Envelopes() {}

    static byte[] of(byte[] content) {
        return ByteBuffer.allocate(5 + content.length)
                .put((byte) 0)
                .putInt(content.length)
                .put(content)
                .array();
    }

    static byte[] of(List<? extends Message> messages, Function<Message, byte[]> encoder) {
        var all = new ByteArrayOutputStream();
        messages.forEach(message -> all.writeBytes(of(encoder.apply(message))));
        return all.toByteArray();
    }

    /// The next one; empty where the body ends before it.
    static Optional<Envelope> next(InputStream body) throws IOException {
        var prefix = body.readNBytes(5);
        if (prefix.length == 0) {
            return Optional.empty();
        }
        if (prefix.length < 5) {
            throw new CutException("an envelope of %d bytes".formatted(prefix.length));
        }
        var length = ByteBuffer.wrap(prefix, 1, 4).getInt();
        var content = body.readNBytes(length);
        if (content.length < length) {
            throw new CutException("an envelope that was cut");
        }
        return Optional.of(new Envelope(prefix[0] & 0xFF, ByteString.copyFrom(content)));
    }
}
