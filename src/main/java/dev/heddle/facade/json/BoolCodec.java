package dev.heddle.facade.json;

import com.google.protobuf.WireFormat;
import java.io.IOException;

/// Truth values; as the key of a map their names.
final class BoolCodec implements ValueCodec.Key {
    static final BoolCodec INSTANCE = new BoolCodec();

    private BoolCodec() {}

    @Override
    public int wireType() {
        return WireFormat.WIRETYPE_VARINT;
    }

    @Override
    public void read(Reading in) throws IOException {
        in.wire().varint32(isTrue(in) ? 1 : 0);
    }

    private static boolean isTrue(Reading in) throws IOException {
        return switch (in.parser().currentToken()) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case FIELD_NAME ->
                    switch (in.parser().currentName()) {
                        case "true" -> true;
                        case "false" -> false;
                        default -> throw in.mismatch();
                    };
            default -> throw in.mismatch();
        };
    }

    @Override
    public void write(WireInput from, Writing to) throws IOException {
        to.json().writeBoolean(from.varint() != 0);
    }

    @Override
    public String key(WireInput from) {
        return Boolean.toString(from.varint() != 0);
    }
}
