package dev.heddle.identity;

import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/// Instants of which the last, [Instant#MAX], means never. The database has it as infinity; as a
/// column it is selected by [#column], as the epoch.
final class Moments {
    private Moments() {}

    static String column(String name) {
        return "CASE WHEN isfinite(%1$s) THEN %1$s ELSE 'epoch' END".formatted(name);
    }

    static Instant of(Timestamp time) {
        return time.equals(Timestamp.getDefaultInstance())
                ? Instant.MAX
                : Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
    }

    static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }

    static OffsetDateTime parameter(Instant time) {
        return time.equals(Instant.MAX)
                // which the driver takes for infinity
                ? OffsetDateTime.MAX
                : time.atOffset(ZoneOffset.UTC);
    }
}
