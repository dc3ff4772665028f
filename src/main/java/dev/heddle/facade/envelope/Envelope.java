package dev.heddle.facade.envelope;

import com.google.protobuf.CodedOutputStream;
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

    /// A message as it is.
    public static byte[] plain(Message message) throws IOException {
        var size = message.getSerializedSize();
        var envelope = empty(0, size);
        var out = CodedOutputStream.newInstance(envelope, PREFIX, size);
        message.writeTo(out);
        out.checkNoSpaceLeft();
        return envelope;
    }

    /// A message compressed with [Gzip], if it is not very small.
    public static byte[] compressed(Message message) throws IOException {
        return message.getSerializedSize() < MIN_COMPRESSED_SIZE
                ? plain(message)
                : of(COMPRESSED, Gzip.deflate(message.toByteArray()));
    }

    /// Any content behind its prefix.
    public static byte[] of(int flags, byte[] content) {
        var envelope = empty(flags, content.length);
        System.arraycopy(content, 0, envelope, PREFIX, content.length);
        return envelope;
    }

    private static byte[] empty(int flags, int size) {
        var envelope = new byte[PREFIX + size];
        envelope[0] = (byte) flags;
        envelope[1] = (byte) (size >> 24);
        envelope[2] = (byte) (size >> 16);
        envelope[3] = (byte) (size >> 8);
        envelope[4] = (byte) size;
        return envelope;
    }
}
