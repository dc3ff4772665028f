package dev.heddle.facade.json;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Pattern;

/// Numbers, which JSON writes in any notation, and within a string as well.
final class Numbers {
    /// The length of a number, in characters; more than any 64-bit value needs.
    static final int MAX_LENGTH = 400;

    /// As many digits as surely fit into 64 bits.
    private static final int EASY_DIGITS = 18;

    /// More than any integer of 64 bits has.
    private static final int MAX_DIGITS = 20;

    private static final Pattern NUMBER =
            Pattern.compile("-?(0|[1-9][0-9]*+)(\\.[0-9]++)?([eE][+-]?[0-9]{1,4})?");

    private Numbers() {}

    /// The integer that the parser stands at, or the key of a map; one without sign as the 64 bits
    /// that it has.
    static long integer(Reading in, boolean isLong, boolean isSigned) throws IOException {
        if (!isNumberOrText(in)) {
            throw in.mismatch();
        }
        var text = in.parser().getTextCharacters();
        var offset = in.parser().getTextOffset();
        var end = offset + in.parser().getTextLength();
        var isNegative = offset < end && text[offset] == '-';
        var first = isNegative ? offset + 1 : offset;
        if (first == end || end - first > EASY_DIGITS || (text[first] == '0' && end - first > 1)) {
            return unusual(in, isLong, isSigned);
        }
        var value = 0L;
        for (var i = first; i < end; i++) {
            var digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                return unusual(in, isLong, isSigned);
            }
            value = value * 10 + digit;
        }
        value = isNegative ? -value : value;
        if (!(isSigned || value >= 0) || !(isLong || fits32(value, isSigned))) {
            throw in.mismatch();
        }
        return value;
    }

    static double floating64(Reading in) throws IOException {
        var value = Double.parseDouble(floating(in));
        if (Double.isInfinite(value) && isNumber(in)) {
            throw in.mismatch();
        }
        return value;
    }

    static float floating32(Reading in) throws IOException {
        var value = Float.parseFloat(floating(in));
        if (Float.isInfinite(value) && isNumber(in)) {
            throw in.mismatch();
        }
        return value;
    }

    private static String floating(Reading in) throws IOException {
        if (!isNumberOrText(in)) {
            throw in.mismatch();
        }
        var text = in.parser().getText();
        var isName = text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity");
        if (!isName && !isNumber(in)) {
            throw in.mismatch();
        }
        return text;
    }

    private static boolean isNumberOrText(Reading in) {
        var token = in.parser().currentToken();
        return token == JsonToken.VALUE_NUMBER_INT
                || token == JsonToken.VALUE_STRING
                || token == JsonToken.VALUE_NUMBER_FLOAT
                || token == JsonToken.FIELD_NAME;
    }

    private static boolean isNumber(Reading in) throws IOException {
        return in.parser().getTextLength() <= MAX_LENGTH
                && NUMBER.matcher(in.parser().getText()).matches();
    }

    private static boolean fits32(long value, boolean isSigned) {
        return isSigned ? value == (int) value : value >>> Integer.SIZE == 0;
    }

    /// An integer such as `1e3`, `2.0` or 18446744073709551615.
    private static long unusual(Reading in, boolean isLong, boolean isSigned) throws IOException {
        if (!isNumber(in)) {
            throw in.mismatch();
        }
        var number = new BigDecimal(in.parser().getText()).stripTrailingZeros();
        if (number.scale() > 0 || number.precision() - number.scale() > MAX_DIGITS) {
            throw in.mismatch();
        }
        var value = number.toBigIntegerExact();
        if (!fits(value, isLong ? Long.SIZE : Integer.SIZE, isSigned)) {
            throw in.mismatch();
        }
        return value.longValue();
    }

    private static boolean fits(BigInteger value, int bits, boolean isSigned) {
        return isSigned
                ? value.bitLength() < bits
                : value.signum() >= 0 && value.bitLength() <= bits;
    }
}
