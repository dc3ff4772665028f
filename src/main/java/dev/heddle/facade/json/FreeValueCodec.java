package dev.heddle.facade.json;

import com.google.protobuf.Value;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/// `google.protobuf.Value`: any JSON. One that holds nothing is written as `null`.
final class FreeValueCodec implements MessageCodec {
    static final FreeValueCodec INSTANCE = new FreeValueCodec();

    private FreeValueCodec() {}

    @Override
    public boolean takesNull() {
        return true;
    }

    @Override
    public void read(Reading in) throws IOException {
        switch (in.parser().currentToken()) {
            case VALUE_NULL -> read(Value.NULL_VALUE_FIELD_NUMBER, NullCodec.INSTANCE, in);
            case VALUE_TRUE, VALUE_FALSE ->
                    read(Value.BOOL_VALUE_FIELD_NUMBER, BoolCodec.INSTANCE, in);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                    read(Value.NUMBER_VALUE_FIELD_NUMBER, FloatingCodec.DOUBLE, in);
            case VALUE_STRING -> read(Value.STRING_VALUE_FIELD_NUMBER, StringCodec.CHECKED, in);
            case START_OBJECT ->
                    readNested(Value.STRUCT_VALUE_FIELD_NUMBER, StructCodec.INSTANCE, in);
            case START_ARRAY ->
                    readNested(Value.LIST_VALUE_FIELD_NUMBER, ListValueCodec.INSTANCE, in);
            default -> throw in.mismatch();
        }
    }

    private static void read(int number, ValueCodec codec, Reading in) throws IOException {
        in.wire().varint32(FieldCodec.tag(number, codec.wireType()));
        codec.read(in);
    }

    private static void readNested(int number, MessageCodec codec, Reading in) throws IOException {
        in.wire().varint32(FieldCodec.tag(number, WireFormat.WIRETYPE_LENGTH_DELIMITED));
        var start = in.wire().open();
        codec.read(in);
        in.wire().close(start);
    }

    @Override
    public void write(WireInput from, Writing to) throws IOException {
        var isWritten = false;
        for (var tag = from.tag(); !WireInput.isEnd(tag); tag = from.tag()) {
            var number = WireFormat.getTagFieldNumber(tag);
            // a field that only has the number of a known one is unknown
            var isKind = WireFormat.getTagWireType(tag) == wireType(number);
            if (isWritten || !isKind || !write(number, from, to)) {
                from.skip(tag);
            } else {
                isWritten = true;
            }
        }
        if (!isWritten) {
            to.json().writeNull();
        }
    }

    /// Writes the value of a field, if it is known.
    private static int wireType(int number) {
        return switch (number) {
            case Value.NULL_VALUE_FIELD_NUMBER, Value.BOOL_VALUE_FIELD_NUMBER ->
                    WireFormat.WIRETYPE_VARINT;
            case Value.NUMBER_VALUE_FIELD_NUMBER -> WireFormat.WIRETYPE_FIXED64;
            default -> WireFormat.WIRETYPE_LENGTH_DELIMITED;
        };
    }

    private static boolean write(int number, WireInput from, Writing to) throws IOException {
        switch (number) {
            case Value.NULL_VALUE_FIELD_NUMBER -> NullCodec.INSTANCE.write(from, to);
            case Value.NUMBER_VALUE_FIELD_NUMBER -> writeNumber(from, to);
            case Value.STRING_VALUE_FIELD_NUMBER -> StringCodec.CHECKED.write(from, to);
            case Value.BOOL_VALUE_FIELD_NUMBER -> BoolCodec.INSTANCE.write(from, to);
            case Value.STRUCT_VALUE_FIELD_NUMBER -> writeNested(StructCodec.INSTANCE, from, to);
            case Value.LIST_VALUE_FIELD_NUMBER -> writeNested(ListValueCodec.INSTANCE, from, to);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void writeNumber(WireInput from, Writing to) throws IOException {
        var value = Double.longBitsToDouble(from.fixed64());
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(
                    "google.protobuf.Value: %s (expected: a finite number)".formatted(value));
        }
        FloatingCodec.writeNumber(value, to);
    }

    private static void writeNested(MessageCodec codec, WireInput from, Writing to)
            throws IOException {
        var outer = from.enter();
        codec.write(from, to);
        from.leave(outer);
    }
}
