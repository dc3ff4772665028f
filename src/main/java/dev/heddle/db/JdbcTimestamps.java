package dev.heddle.db;

import com.google.protobuf.Timestamp;
import java.time.OffsetDateTime;

/// JDBC's instants as protobuf has them.
final class JdbcTimestamps {
    private static final int MILLIS_PER_SECOND = 1000;

    private JdbcTimestamps() {}

    static Timestamp of(OffsetDateTime instant) {
        return Timestamp.newBuilder()
                .setSeconds(instant.toEpochSecond())
                .setNanos(instant.getNano())
                .build();
    }

    static Timestamp of(java.sql.Timestamp instant) {
        return Timestamp.newBuilder()
                .setSeconds(Math.floorDiv(instant.getTime(), MILLIS_PER_SECOND))
                .setNanos(instant.getNanos())
                .build();
    }
}
