package dev.heddle.db;

import com.google.protobuf.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/// Instants, as protobuf has them and as the database takes them.
public final class Times {
    private static final int NANOS_PER_MICRO = 1000;

    private Times() {}

    /// The present as precisely as the database keeps it.
    public static Timestamp now(Clock clock) {
        var now = clock.instant();
        return Timestamp.newBuilder()
                .setSeconds(now.getEpochSecond())
                .setNanos(now.getNano() / NANOS_PER_MICRO * NANOS_PER_MICRO)
                .build();
    }

    /// A value for a parameter of type `timestamptz`.
    public static OffsetDateTime parameter(Timestamp time) {
        return Instant.ofEpochSecond(time.getSeconds(), time.getNanos()).atOffset(ZoneOffset.UTC);
    }
}
