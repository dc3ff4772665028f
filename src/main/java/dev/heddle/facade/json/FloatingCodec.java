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
            if (!Float.isFinite(value)) {
                to.json().writeString(Float.toString(value));
            } else if (isShortInteger(value)) {
                to.json().writeNumber((long) value);
            } else {
                to.json().writeNumber(value);
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
                writeNumber(value, to);
            } else {
                to.json().writeString(Double.toString(value));
            }
        }
    };

    /// Integers up to here are written without a point and without an exponent.
    private static final double LARGEST_SHORT = 1e7;

    private final int wireType;

    FloatingCodec(int wireType) {
        this.wireType = wireType;
    }

    @Override
    public int wireType() {
        return wireType;
    }

    /// Writes a number that is finite.
    static void writeNumber(double value, Writing to) throws IOException {
        if (isShortInteger(value)) {
            to.json().writeNumber((long) value);
        } else {
            to.json().writeNumber(value);
        }
    }

    /// Zero below zero is a number of its own.
    private static boolean isShortInteger(double value) {
        return value == (long) value
                && Math.abs(value) <= LARGEST_SHORT
                && Double.doubleToRawLongBits(value) != Double.doubleToRawLongBits(-0.0);
    }
}
