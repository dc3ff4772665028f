package dev.heddle.facade.json;

import com.google.protobuf.WireFormat;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The wire format of Protobuf as a message wrote it: well-formed, its fields in the order of their
/// numbers, those that are unknown behind the others.
final class WireInput {
    private final byte[] bytes;
    private int position;
    private int limit;

    /// The widest value of a fixed width.
    private static final byte[] ZEROS = new byte[Long.BYTES];

    WireInput(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private WireInput(byte[] bytes, int position, int limit) {
        this.bytes = bytes;
        this.position = position;
        this.limit = limit;
    }

    /// One value of any type, which is zero, or empty.
    static WireInput zeros() {
        return new WireInput(ZEROS);
    }

    boolean isAtEnd() {
        return position == limit;
    }

    /// The next field's; 0 at the end.
    int tag() {
        return isAtEnd() ? 0 : (int) varint();
    }

    long varint() {
        var first = bytes[position++];
        if (first >= 0) {
            return first;
        }
        long value = first & 0x7F;
        for (var shift = 7; ; shift += 7) {
            var next = bytes[position++];
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    int fixed32() {
        var value = 0;
        for (var i = 0; i < Integer.BYTES; i++) {
            value |= (bytes[position++] & 0xFF) << (Byte.SIZE * i);
        }
        return value;
    }

    long fixed64() {
        return Integer.toUnsignedLong(fixed32()) | ((long) fixed32() << Integer.SIZE);
    }

    String text() {
        var length = (int) varint();
        return new String(bytes, take(length), length, StandardCharsets.UTF_8);
    }

    /// Bytes behind their length.
    byte[] copy() {
        var length = (int) varint();
        var start = take(length);
        return Arrays.copyOfRange(bytes, start, start + length);
    }

    /// Where something of a length stands in [#bytes()]; goes behind it.
    int take(int length) {
        var start = position;
        position += length;
        return start;
    }

    byte[] bytes() {
        return bytes;
    }

    /// Something behind its length, to be read on its own.
    WireInput nested() {
        var length = (int) varint();
        var start = take(length);
        return new WireInput(bytes, start, start + length);
    }

    /// Goes into something behind its length, which becomes all there is.
    ///
    /// @return what [#leave] wants
    int enter() {
        var outer = limit;
        var length = (int) varint();
        limit = position + length;
        return outer;
    }

    /// Goes behind what was entered.
    void leave(int outer) {
        position = limit;
        limit = outer;
    }

    /// Goes behind a field's value.
    void skip(int tag) {
        switch (WireFormat.getTagWireType(tag)) {
            case WireFormat.WIRETYPE_VARINT -> varint();
            case WireFormat.WIRETYPE_FIXED32 -> take(Integer.BYTES);
            case WireFormat.WIRETYPE_FIXED64 -> take(Long.BYTES);
            case WireFormat.WIRETYPE_LENGTH_DELIMITED -> take((int) varint());
            default -> skipGroup();
        }
    }

    private void skipGroup() {
        for (var tag = tag(); !isEnd(tag); tag = tag()) {
            skip(tag);
        }
    }

    /// Whether a tag is no field's but the end of a message.
    static boolean isEnd(int tag) {
        return tag == 0 || WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_END_GROUP;
    }
}
