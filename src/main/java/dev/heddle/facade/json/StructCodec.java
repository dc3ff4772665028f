package dev.heddle.facade.json;

import com.google.protobuf.Struct;
import java.io.IOException;

/// `google.protobuf.Struct`: any object. What it has is one map.
final class StructCodec implements MessageCodec {
    static final StructCodec INSTANCE = new StructCodec();

    private final MapCodec fields =
            new MapCodec(
                    Struct.getDescriptor().findFieldByNumber(Struct.FIELDS_FIELD_NUMBER),
                    StringCodec.CHECKED,
                    new NestedCodec(FreeValueCodec.INSTANCE));

    private StructCodec() {}

    @Override
    public void read(Reading in) throws IOException {
        fields.read(in);
    }

    @Override
    public void write(WireInput from, Writing to) throws IOException {
        var tag = fields.write(from.tag(), from, to);
        for (; !WireInput.isEnd(tag); tag = from.tag()) {
            from.skip(tag);
        }
    }
}
