package dev.heddle.facade.json;

import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ListValue;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/// `google.protobuf.ListValue`: any array.
final class ListValueCodec implements MessageCodec {
    static final ListValueCodec INSTANCE = new ListValueCodec();

    private static final int TAG =
            FieldCodec.tag(ListValue.VALUES_FIELD_NUMBER, WireFormat.WIRETYPE_LENGTH_DELIMITED);

    private ListValueCodec() {}

    @Override
    public void read(Reading in) throws IOException {
        if (in.parser().currentToken() != JsonToken.START_ARRAY) {
            throw in.mismatch();
        }
        while (in.parser().nextToken() != JsonToken.END_ARRAY) {
            in.wire().varint32(TAG);
            var start = in.wire().open();
            FreeValueCodec.INSTANCE.read(in);
            in.wire().close(start);
        }
    }

    @Override
    public void write(WireInput from, Writing to) throws IOException {
        to.json().writeStartArray();
        for (var tag = from.tag(); !WireInput.isEnd(tag); tag = from.tag()) {
            if (tag == TAG) {
                var outer = from.enter();
                FreeValueCodec.INSTANCE.write(from, to);
                from.leave(outer);
            } else {
                from.skip(tag);
            }
        }
        to.json().writeEndArray();
    }
}
