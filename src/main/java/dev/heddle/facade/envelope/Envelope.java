package dev.heddle.facade.envelope;

import com.google.protobuf.Message;
import java.io.IOException;

/// A message with the prefix that tells where it ends: one byte of flags and four of its length.
public final class Envelope {
    /// The bytes before each message.
    public static final int PREFIX = 5;

    /// The flag of a message that is compressed.
    public static final int COMPRESSED = 1;

    /// Smaller messages are not worth the time to compress them.
    private static final int MIN_COMPRESSED_SIZE = 256;

    private Envelope() {}

    /// A message.
    ///
    /// @param compresses whether it is compressed with [Gzip], if it is not very small
    public static byte[] of(Message message, Encoding encoding, boolean compresses)
            throws IOException {
        var envelope = encoding.encode(message, PREFIX);
        if (compresses && envelope.length - PREFIX >= MIN_COMPRESSED_SIZE) {
            return of(COMPRESSED, Gzip.deflate(envelope, PREFIX));
        }
        setPrefix(envelope, 0);
        return envelope;
    }

    /// Any content.
    public static byte[] of(int flags, byte[] content) {
        var envelope = new byte[PREFIX + content.length];
        System.arraycopy(content, 0, envelope, PREFIX, content.length);
        setPrefix(envelope, flags);
        return envelope;
    }

    private static void setPrefix(byte[] envelope, int flags) {
        var size = envelope.length - PREFIX;
        envelope[0] = (byte) flags;
        envelope[1] = (byte) (size >> 24);
        envelope[2] = (byte) (size >> 16);
        envelope[3] = (byte) (size >> 8);
        envelope[4] = (byte) size;
    }
}
