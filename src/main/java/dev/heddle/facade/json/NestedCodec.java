package dev.heddle.facade.json;

import com.google.protobuf.WireFormat;
import java.io.IOException;

/// Messages as values, behind their length.
///
/// @param message their codec
record NestedCodec(MessageCodec message) implements ValueCodec {
    @Override
    public int wireType() {
        return WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    @Override
    public boolean takesNull() {
        return message.takesNull();
    }

    @Override
    public void read(Reading in) throws IOException {
        var start = in.wire().open();
        message.read(in);
        in.wire().close(start);
    }

    @Override
    public void write(WireInput from, Writing to) throws IOException {
        var outer = from.enter();
        message.write(from, to);
        from.leave(outer);
    }

    /// Messages as groups, as old contracts have them: between two tags.
    ///
    /// @param endTag the second
    record Group(MessageCodec message, int endTag) implements ValueCodec {
        @Override
        public int wireType() {
            return WireFormat.WIRETYPE_START_GROUP;
        }

        @Override
        public void read(Reading in) throws IOException {
            message.read(in);
            in.wire().varint32(endTag);
        }

        @Override
        public void write(WireInput from, Writing to) throws IOException {
            message.write(from, to);
        }
    }
}
