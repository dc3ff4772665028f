package dev.heddle.facade.json;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/// Integers of each type. Those of 64 bits are strings in JSON, where nobody asked for numbers.
enum IntegerCodec implements ValueCodec.Key {
    INT32(32, true, Encoding.VARINT),
    SINT32(32, true, Encoding.ZIGZAG),
    SFIXED32(32, true, Encoding.FIXED),
    UINT32(32, false, Encoding.VARINT),
    FIXED32(32, false, Encoding.FIXED),
    INT64(64, true, Encoding.VARINT),
    SINT64(64, true, Encoding.ZIGZAG),
    SFIXED64(64, true, Encoding.FIXED),
    UINT64(64, false, Encoding.VARINT),
    FIXED64(64, false, Encoding.FIXED);

    private final boolean isLong;
    private final boolean isSigned;
    private final Encoding encoding;

    private enum Encoding {
        VARINT,
        ZIGZAG,
        FIXED
    }

    IntegerCodec(int bits, boolean isSigned, Encoding encoding) {
        this.isLong = bits == Long.SIZE;
        this.isSigned = isSigned;
        this.encoding = encoding;
    }

    @Override
    public int wireType() {
        if (encoding != Encoding.FIXED) {
            return WireFormat.WIRETYPE_VARINT;
        }
        return isLong ? WireFormat.WIRETYPE_FIXED64 : WireFormat.WIRETYPE_FIXED32;
    }

    @Override
    public void read(Reading in) throws IOException {
        var value = Numbers.integer(in, isLong, isSigned);
        var wire = in.wire();
        switch (encoding) {
            case VARINT -> wire.varint64(value);
            case ZIGZAG -> wire.varint64(CodedOutputStream.encodeZigZag64(value));
            case FIXED -> {
                if (isLong) {
                    wire.fixed64(value);
                } else {
                    wire.fixed32((int) value);
                }
            }
        }
    }

    @Override
    public void write(WireInput from, Writing to) throws IOException {
        var value = next(from);
        if (!isLong) {
            to.json().writeNumber(value);
        } else if (to.int64AsNumbers() && (isSigned || value >= 0)) {
            to.json().writeNumber(value);
        } else if (to.int64AsNumbers()) {
            to.json().writeNumber(Long.toUnsignedString(value));
        } else {
            to.json().writeString(toString(value));
        }
    }

    @Override
    public String key(WireInput from) {
        return toString(next(from));
    }

    private String toString(long value) {
        return isSigned ? Long.toString(value) : Long.toUnsignedString(value);
    }

    private long next(WireInput from) {
        var value =
                switch (encoding) {
                    case VARINT -> from.varint();
                    case ZIGZAG -> CodedInputStream.decodeZigZag64(from.varint());
                    case FIXED -> isLong ? from.fixed64() : from.fixed32();
                };
        if (isLong) {
            return value;
        }
        return isSigned ? (int) value : Integer.toUnsignedLong((int) value);
    }
}
