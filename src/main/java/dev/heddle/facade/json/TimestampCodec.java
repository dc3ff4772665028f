package dev.heddle.facade.json;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Optional;

/// `google.protobuf.Timestamp` as RFC 3339 has it, in UTC where it is written, with any offset
/// where it is read.
final class TimestampCodec implements MessageCodec {
    private static final long MIN_SECONDS = -62_135_596_800L;
    private static final long MAX_SECONDS = 253_402_300_799L;
    private static final int SECONDS_PER_DAY = 86_400;

    /// Where what follows the whole seconds begins.
    private static final int DATE_TIME_LENGTH = 19;

    @Override
    public void read(Reading in) throws IOException {
        if (in.parser().currentToken() != JsonToken.VALUE_STRING) {
            throw in.mismatch();
        }
        parse(in.parser().getText()).orElseThrow(in::mismatch).write(in.wire());
    }

    @Override
    public void write(WireInput from, Writing to) throws IOException {
        var time = SecondsAndNanos.read(from);
        if (isOutOfRange(time)) {
            throw new IllegalArgumentException(
                    "timestamp: %d s, %d ns (expected: within the years 1 to 9999, 0 to 999999999 ns)"
                            .formatted(time.seconds(), time.nanos()));
        }
        var text = new char[TimestampText.MAX_LENGTH];
        to.json().writeString(text, 0, TimestampText.put(time, text));
    }

    private static boolean isOutOfRange(SecondsAndNanos time) {
        return time.seconds() < MIN_SECONDS
                || time.seconds() > MAX_SECONDS
                || time.nanos() < 0
                || time.nanos() >= SecondsAndNanos.NANOS_PER_SECOND;
    }

    private static Optional<SecondsAndNanos> parse(String text) {
        if (text.length() <= DATE_TIME_LENGTH) {
            return Optional.empty();
        }
        var isFraction = text.charAt(DATE_TIME_LENGTH) == '.';
        var zone = isFraction ? endOfDigits(text, DATE_TIME_LENGTH + 1) : DATE_TIME_LENGTH;
        var nanos = isFraction ? SecondsAndNanos.fraction(text, DATE_TIME_LENGTH + 1, zone) : 0;
        var local = localSeconds(text);
        var offset = offsetSeconds(text, zone);
        if (nanos < 0 || local.isEmpty() || offset.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new SecondsAndNanos(local.get() - offset.get(), nanos))
                .filter(time -> !isOutOfRange(time));
    }

    private static int endOfDigits(String text, int from) {
        var end = from;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static Optional<Long> localSeconds(String text) {
        var year = SecondsAndNanos.digits(text, 0, 4);
        var month = SecondsAndNanos.digits(text, 5, 7);
        var day = SecondsAndNanos.digits(text, 8, 10);
        var hour = SecondsAndNanos.digits(text, 11, 13);
        var minute = SecondsAndNanos.digits(text, 14, 16);
        var second = SecondsAndNanos.digits(text, 17, 19);
        var isTime =
                text.charAt(4) == '-'
                        && text.charAt(7) == '-'
                        && text.charAt(10) == 'T'
                        && text.charAt(13) == ':'
                        && text.charAt(16) == ':'
                        && isWithin(0, year, 9999)
                        && isWithin(1, month, 12)
                        && isWithin(1, day, YearMonth.of(year, month).lengthOfMonth())
                        && isWithin(0, hour, 23)
                        && isWithin(0, minute, 59)
                        && isWithin(0, second, 59);
        return isTime
                ? Optional.of(
                        LocalDate.of(year, month, day).toEpochDay() * SECONDS_PER_DAY
                                + secondOfDay(hour, minute, second))
                : Optional.empty();
    }

    private static int secondOfDay(int hour, int minute, int second) {
        return (hour * 60 + minute) * 60 + second;
    }

    private static Optional<Integer> offsetSeconds(String text, int from) {
        if (from == text.length() - 1 && text.charAt(from) == 'Z') {
            return Optional.of(0);
        }
        if (from != text.length() - 6 || text.charAt(from + 3) != ':') {
            return Optional.empty();
        }
        var sign = text.charAt(from);
        var hours = SecondsAndNanos.digits(text, from + 1, from + 3);
        var minutes = SecondsAndNanos.digits(text, from + 4, from + 6);
        if ((sign != '+' && sign != '-') || !isWithin(0, hours, 23) || !isWithin(0, minutes, 59)) {
            return Optional.empty();
        }
        var seconds = secondOfDay(hours, minutes, 0);
        return Optional.of(sign == '-' ? -seconds : seconds);
    }

    private static boolean isWithin(int least, int value, int most) {
        return least <= value && value <= most;
    }
}
