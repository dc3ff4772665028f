package dev.heddle.facade.json;

import java.io.IOException;

/// `google.protobuf.Int32Value` and its like: messages that are the value of their only field.
///
/// @param value the codec of the field, whose number is 1
record WrapperCodec(ValueCodec value) implements MessageCodec {
    @Override
    public void read(Reading in) throws IOException {
        in.wire().varint32(tag());
        value.read(in);
    }

    @Override
    public void write(WireInput from, Writing to) throws IOException {
        var isWritten = false;
        for (var tag = from.tag(); !WireInput.isEnd(tag); tag = from.tag()) {
            if (tag == tag() && !isWritten) {
                value.write(from, to);
                isWritten = true;
            } else {
                from.skip(tag);
            }
        }
        if (!isWritten) {
            value.write(WireInput.zeros(), to);
        }
    }

    private int tag() {
        return FieldCodec.tag(1, value.wireType());
    }
}
