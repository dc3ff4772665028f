package dev.heddle.facade.json;

import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.NullValue;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/// `google.protobuf.NullValue`, the enum whose only value is `null`. It may be given by its name or
/// its number too.
final class NullCodec implements ValueCodec {
    static final NullCodec INSTANCE = new NullCodec();

    private final ValueCodec named = new EnumCodec(NullValue.getDescriptor());

    private NullCodec() {}

    @Override
    public int wireType() {
        return WireFormat.WIRETYPE_VARINT;
    }

    @Override
    public boolean takesNull() {
        return true;
    }

    @Override
    public boolean isUnknown(Reading in) throws IOException {
        return named.isUnknown(in);
    }

    @Override
    public void read(Reading in) throws IOException {
        if (in.parser().currentToken() == JsonToken.VALUE_NULL) {
            in.wire().varint32(NullValue.NULL_VALUE_VALUE);
        } else {
            named.read(in);
        }
    }

    @Override
    public void write(WireInput from, Writing to) throws IOException {
        var _ = from.varint();
        to.json().writeNull();
    }
}
