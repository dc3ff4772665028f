package dev.heddle.facade.json;

import com.google.protobuf.CodedInputStream;
import java.util.Arrays;

/// The wire format of Protobuf as it is written: bytes that grow at their end. Lengths that are
/// known only at the end of what they count are put in front of it then.
final class WireOutput {
    private static final int CAPACITY = 512;
    private static final int MAX_VARINT_SIZE = 10;

    /// Messages nest deeper than JSON does: an object within a `Struct` is three messages.
    private static final int MAX_DEPTH = 4 * Json.MAX_DEPTH;

    private byte[] bytes = new byte[CAPACITY];
    private int size;

    /// A value of at most 32 bits, without sign.
    void varint32(int value) {
        varint64(Integer.toUnsignedLong(value));
    }

    void varint64(long value) {
        reserve(MAX_VARINT_SIZE);
        size = putVarint(value, size);
    }

    void fixed32(int value) {
        reserve(Integer.BYTES);
        for (var i = 0; i < Integer.BYTES; i++) {
            bytes[size++] = (byte) (value >>> (Byte.SIZE * i));
        }
    }

    void fixed64(long value) {
        reserve(Long.BYTES);
        for (var i = 0; i < Long.BYTES; i++) {
            bytes[size++] = (byte) (value >>> (Byte.SIZE * i));
        }
    }

    /// Bytes behind their length.
    void bytes(byte[] content) {
        varint32(content.length);
        reserve(content.length);
        System.arraycopy(content, 0, bytes, size, content.length);
        size += content.length;
    }

    /// Text, as UTF-8, behind its length.
    ///
    /// @return whether it is text; half a surrogate pair is not
    boolean text(char[] text, int offset, int length) {
        var encoded = Utf8.size(text, offset, length);
        varint32(encoded);
        reserve(encoded);
        var end = Utf8.encode(text, offset, length, bytes, size);
        if (end < 0) {
            return false;
        }
        size = end;
        return true;
    }

    /// Begins what stands behind its length.
    ///
    /// @return what [#close] wants
    int open() {
        reserve(1);
        return ++size;
    }

    /// Ends what [#open] began.
    void close(int start) {
        var length = size - start;
        var more = varintSize(length) - 1;
        if (more > 0) {
            reserve(more);
            System.arraycopy(bytes, start, bytes, start + more, length);
            size += more;
        }
        putVarint(length, start - 1);
    }

    int size() {
        return size;
    }

    /// Takes back what was written since there were `size` bytes.
    void truncate(int size) {
        this.size = size;
    }

    /// All of it, for a message to read.
    CodedInputStream toInput() {
        return input(bytes, size);
    }

    /// What a message of any depth that JSON can have is read from.
    static CodedInputStream input(byte[] bytes, int size) {
        var input = CodedInputStream.newInstance(bytes, 0, size);
        var _ = input.setRecursionLimit(MAX_DEPTH);
        return input;
    }

    private int putVarint(long value, int at) {
        var position = at;
        var rest = value;
        while ((rest & ~0x7FL) != 0) {
            bytes[position++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[position++] = (byte) rest;
        return position;
    }

    private static int varintSize(int value) {
        return (Integer.SIZE - Integer.numberOfLeadingZeros(value | 1) + 6) / 7;
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, more)));
        }
    }
}
