package dev.heddle.facade.json;

import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;

/// The values of an enum, by their names; those without a name by their numbers.
final class EnumCodec implements ValueCodec {
    private final EnumDescriptor type;
    private final Map<String, EnumValueDescriptor> byName = new HashMap<>();

    EnumCodec(EnumDescriptor type) {
        this.type = type;
        type.getValues().forEach(value -> byName.put(value.getName(), value));
    }

    @Override
    public int wireType() {
        return WireFormat.WIRETYPE_VARINT;
    }

    @Override
    public void read(Reading in) throws IOException {
        in.wire().varint64(number(in).orElseThrow(in::mismatch));
    }

    @Override
    public boolean isUnknown(Reading in) throws IOException {
        return in.parser().currentToken() == JsonToken.VALUE_STRING
                && !byName.containsKey(in.parser().getText());
    }

    private OptionalInt number(Reading in) throws IOException {
        if (in.parser().currentToken() == JsonToken.VALUE_STRING) {
            var value = byName.get(in.parser().getText());
            return value == null ? OptionalInt.empty() : OptionalInt.of(value.getNumber());
        }
        var number = (int) Numbers.integer(in, false, true);
        return type.isClosed() && type.findValueByNumber(number) == null
                ? OptionalInt.empty()
                : OptionalInt.of(number);
    }

    @Override
    public void write(WireInput from, Writing to) throws IOException {
        var number = (int) from.varint();
        var value = type.findValueByNumber(number);
        if (value == null) {
            to.json().writeNumber(number);
        } else {
            to.json().writeString(value.getName());
        }
    }
}
