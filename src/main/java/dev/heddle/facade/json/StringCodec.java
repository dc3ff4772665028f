package dev.heddle.facade.json;

import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/// Strings, which stay UTF-8 on their way to JSON.
enum StringCodec implements ValueCodec.Key {
    /// The message answers for it that they are UTF-8.
    CHECKED {
        @Override
        public void write(WireInput from, Writing to) throws IOException {
            var length = (int) from.varint();
            to.json().writeUTF8String(from.bytes(), from.take(length), length);
        }
    },
    /// What isn't UTF-8, as strings of proto2 may not be, is replaced.
    UNCHECKED {
        @Override
        public void write(WireInput from, Writing to) throws IOException {
            to.json().writeString(from.text());
        }
    };

    @Override
    public int wireType() {
        return WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    @Override
    public void read(Reading in) throws IOException {
        var parser = in.parser();
        var token = parser.currentToken();
        var isText =
                (token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME)
                        && in.wire()
                                .text(
                                        parser.getTextCharacters(),
                                        parser.getTextOffset(),
                                        parser.getTextLength());
        if (!isText) {
            throw in.mismatch();
        }
    }

    @Override
    public String key(WireInput from) {
        return from.text();
    }
}
