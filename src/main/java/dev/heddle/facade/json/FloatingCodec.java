package dev.heddle.facade.json;

import com.google.protobuf.WireFormat;
import java.io.IOException;

/// Floating-point numbers, and what they have that JSON has not, as strings.
enum FloatingCodec implements ValueCodec {
    FLOAT(WireFormat.WIRETYPE_FIXED32) {
        @Override
        public void read(Reading in) throws IOException {
            in.wire().fixed32(Float.floatToRawIntBits(Numbers.floating32(in)));
        }

        @Override
        public void write(WireInput from, Writing to) throws IOException {
            var value = Float.intBitsToFloat(from.fixed32());
            if (Float.isFinite(value)) {
                to.json().writeNumber(value);
            } else {
                to.json().writeString(Float.toString(value));
            }
        }
    },
    DOUBLE(WireFormat.WIRETYPE_FIXED64) {
        @Override
        public void read(Reading in) throws IOException {
            in.wire().fixed64(Double.doubleToRawLongBits(Numbers.floating64(in)));
        }

        @Override
        public void write(WireInput from, Writing to) throws IOException {
            var value = Double.longBitsToDouble(from.fixed64());
            if (Double.isFinite(value)) {
                to.json().writeNumber(value);
            } else {
                to.json().writeString(Double.toString(value));
            }
        }
    };

    private final int wireType;

    FloatingCodec(int wireType) {
        this.wireType = wireType;
    }

    @Override
    public int wireType() {
        return wireType;
    }
}
