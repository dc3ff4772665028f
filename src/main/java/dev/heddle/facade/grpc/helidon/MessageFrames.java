package dev.heddle.facade.grpc.helidon;

import dev.heddle.facade.envelope.MessageSettings;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/// Puts messages together that arrive in pieces: each with its prefix of one byte that tells
/// whether it is compressed and four of its length. Holds no more bytes than have arrived, whatever
/// length a prefix claims.
final class MessageFrames {
    private static final int PREFIX = 5;

    private final MessageSettings settings;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream(0);

    /// The size of the message at hand with its prefix; the prefix alone until it is known.
    private int wanted = PREFIX;

    MessageFrames(MessageSettings settings) {
        this.settings = settings;
    }

    /// Takes bytes in and hands on every message that is complete with them.
    ///
    /// @throws dev.heddle.rpc.RpcException RESOURCE_EXHAUSTED for a message beyond the bound
    void add(byte[] bytes, Consumer<byte[]> whole) {
        var start = 0;
        while (start < bytes.length) {
            var length = Math.min(wanted - pending.size(), bytes.length - start);
            pending.write(bytes, start, length);
            start += length;
            if (pending.size() == PREFIX && wanted == PREFIX) {
                wanted = PREFIX + length(pending.toByteArray());
            }
            if (pending.size() == wanted) {
                whole.accept(pending.toByteArray());
                pending.reset();
                wanted = PREFIX;
            }
        }
    }

    /// Whether a part of a message is here and the rest is not.
    boolean isWithinMessage() {
        return pending.size() > 0;
    }

    private int length(byte[] prefix) {
        var length = Integer.toUnsignedLong(ByteBuffer.wrap(prefix).getInt(1));
        if (length > settings.maxMessageSize()) {
            throw settings.messageTooLarge();
        }
        return (int) length;
    }
}
