package dev.heddle.facade.json;

import com.google.protobuf.WireFormat;

/// What timestamps and durations are made of.
record SecondsAndNanos(long seconds, int nanos) {
    static final int NANOS_PER_SECOND = 1_000_000_000;

    private static final int SECONDS_TAG = FieldCodec.tag(1, WireFormat.WIRETYPE_VARINT);
    private static final int NANOS_TAG = FieldCodec.tag(2, WireFormat.WIRETYPE_VARINT);
    private static final int FRACTION_DIGITS = 9;

    static SecondsAndNanos read(WireInput from) {
        var seconds = 0L;
        var nanos = 0;
        for (var tag = from.tag(); !WireInput.isEnd(tag); tag = from.tag()) {
            if (tag == SECONDS_TAG) {
                seconds = from.varint();
            } else if (tag == NANOS_TAG) {
                nanos = (int) from.varint();
            } else {
                from.skip(tag);
            }
        }
        return new SecondsAndNanos(seconds, nanos);
    }

    void write(WireOutput to) {
        if (seconds != 0) {
            to.varint32(SECONDS_TAG);
            to.varint64(seconds);
        }
        if (nanos != 0) {
            to.varint32(NANOS_TAG);
            to.varint64(nanos);
        }
    }

    /// Writes the digits of a fraction of a second behind a point: 0, 3, 6 or 9 of them.
    ///
    /// @return the position behind them
    static int putFraction(int nanos, char[] into, int at) {
        if (nanos == 0) {
            return at;
        }
        into[at] = '.';
        if (nanos % 1_000_000 == 0) {
            return putDigits(nanos / 1_000_000, 3, into, at + 1);
        }
        return nanos % 1000 == 0
                ? putDigits(nanos / 1000, 6, into, at + 1)
                : putDigits(nanos, FRACTION_DIGITS, into, at + 1);
    }

    /// Writes a number with leading zeros.
    ///
    /// @return the position behind it
    static int putDigits(int number, int digits, char[] into, int at) {
        var rest = number;
        for (var i = at + digits - 1; i >= at; i--) {
            into[i] = (char) ('0' + rest % 10);
            rest /= 10;
        }
        return at + digits;
    }

    /// Reads the digits of a fraction of a second, from 1 to 9.
    ///
    /// @return nanoseconds, or -1 if it is no fraction
    static int fraction(String text, int from, int to) {
        var digits = to - from;
        var value = digits > FRACTION_DIGITS ? -1 : digits(text, from, to);
        for (var i = digits; value > 0 && i < FRACTION_DIGITS; i++) {
            value *= 10;
        }
        return value;
    }

    /// Reads a number of at most 9 digits.
    ///
    /// @return -1 if there is none, or something else
    static int digits(String text, int from, int to) {
        if (from >= to || to > text.length()) {
            return -1;
        }
        var value = 0;
        for (var i = from; i < to; i++) {
            var digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
