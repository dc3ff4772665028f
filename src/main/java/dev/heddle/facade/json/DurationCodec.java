package dev.heddle.facade.json;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;

/// `google.protobuf.Duration` as seconds, such as `1.5s`.
final class DurationCodec implements MessageCodec {
    /// 10,000 years.
    private static final long MAX_SECONDS = 315_576_000_000L;

    /// `-315576000000.000000000s`
    private static final int MAX_LENGTH = 24;

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
                    "duration: %d s, %d ns (expected: within 10,000 years, both of one sign)"
                            .formatted(time.seconds(), time.nanos()));
        }
        var text = new char[MAX_LENGTH];
        to.json().writeString(text, 0, format(time, text));
    }

    private static boolean isOutOfRange(SecondsAndNanos time) {
        return Math.abs(time.seconds()) > MAX_SECONDS
                || Math.abs(time.nanos()) >= SecondsAndNanos.NANOS_PER_SECOND
                || Long.signum(time.seconds()) * Integer.signum(time.nanos()) < 0;
    }

    private static int format(SecondsAndNanos time, char[] into) {
        var at = 0;
        if (time.seconds() < 0 || time.nanos() < 0) {
            into[at++] = '-';
        }
        var seconds = Long.toString(Math.abs(time.seconds()));
        seconds.getChars(0, seconds.length(), into, at);
        at = SecondsAndNanos.putFraction(Math.abs(time.nanos()), into, at + seconds.length());
        into[at] = 's';
        return at + 1;
    }

    private static Optional<SecondsAndNanos> parse(String text) {
        var end = text.length() - 1;
        if (!text.endsWith("s") || end > MAX_LENGTH) {
            return Optional.empty();
        }
        var isNegative = text.startsWith("-");
        var start = isNegative ? 1 : 0;
        var point = text.indexOf('.');
        var seconds = seconds(text.substring(start, Math.max(start, point < 0 ? end : point)));
        var nanos = point < 0 ? 0 : SecondsAndNanos.fraction(text, point + 1, end);
        if (seconds < 0 || nanos < 0) {
            return Optional.empty();
        }
        return Optional.of(
                        isNegative
                                ? new SecondsAndNanos(-seconds, -nanos)
                                : new SecondsAndNanos(seconds, nanos))
                .filter(time -> !isOutOfRange(time));
    }

    /// Returns -1 for what are no seconds, or too many.
    private static long seconds(String digits) {
        var isNumber =
                !digits.isEmpty()
                        && digits.length() <= 12
                        && digits.chars().allMatch(digit -> '0' <= digit && digit <= '9');
        return isNumber ? Long.parseLong(digits) : -1;
    }
}
