package dev.heddle.facade.json;

import com.google.protobuf.Timestamp;
import java.time.LocalDate;

/// Times as RFC 3339 has them, in UTC, with as many digits behind the second as there must be: 0,
/// 3, 6 or 9.
public final class TimestampText {
    /// `2026-01-31T12:00:00.000000000Z`
    static final int MAX_LENGTH = 30;

    private static final int SECONDS_PER_DAY = 86_400;

    private TimestampText() {}

    /// A time within the years 1 to 9999 as text.
    public static String of(Timestamp time) {
        var text = new char[MAX_LENGTH];
        return new String(
                text, 0, put(new SecondsAndNanos(time.getSeconds(), time.getNanos()), text));
    }

    /// Writes such a time.
    ///
    /// @return the position behind it
    static int put(SecondsAndNanos time, char[] into) {
        var date = LocalDate.ofEpochDay(Math.floorDiv(time.seconds(), SECONDS_PER_DAY));
        var second = (int) Math.floorMod(time.seconds(), (long) SECONDS_PER_DAY);
        var at = SecondsAndNanos.putDigits(date.getYear(), 4, into, 0);
        at = put('-', date.getMonthValue(), into, at);
        at = put('-', date.getDayOfMonth(), into, at);
        at = put('T', second / 3600, into, at);
        at = put(':', second / 60 % 60, into, at);
        at = put(':', second % 60, into, at);
        at = SecondsAndNanos.putFraction(time.nanos(), into, at);
        into[at] = 'Z';
        return at + 1;
    }

    private static int put(char separator, int number, char[] into, int at) {
        into[at] = separator;
        return SecondsAndNanos.putDigits(number, 2, into, at + 1);
    }
}
