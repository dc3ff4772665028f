package dev.heddle.facade.json;

import com.fasterxml.jackson.core.Base64Variants;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.Base64;

/// Bytes in base64 (RFC 4648): written with its own alphabet and padding, read in either alphabet,
/// padded or not.
final class BytesCodec implements ValueCodec {
    static final BytesCodec INSTANCE = new BytesCodec();

    private BytesCodec() {}

    @Override
    public int wireType() {
        return WireFormat.WIRETYPE_LENGTH_DELIMITED;
    }

    @Override
    public void read(Reading in) throws IOException {
        if (in.parser().currentToken() != JsonToken.VALUE_STRING) {
            throw in.mismatch();
        }
        var text = in.parser().getText();
        var isForUrls = text.indexOf('-') >= 0 || text.indexOf('_') >= 0;
        try {
            in.wire()
                    .bytes((isForUrls ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(text));
        } catch (IllegalArgumentException _) {
            // not base64; what the decoder says of it is nothing for callers
            throw in.mismatch();
        }
    }

    @Override
    public void write(WireInput from, Writing to) throws IOException {
        var length = (int) from.varint();
        to.json()
                .writeBinary(
                        Base64Variants.MIME_NO_LINEFEEDS, from.bytes(), from.take(length), length);
    }
}
