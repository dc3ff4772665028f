package dev.heddle.db;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.impl.TimeBasedEpochGenerator;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// The ids of what services keep: UUIDs of version 7 (RFC 9562), so that their order is that of
/// creation. To callers they are opaque: text that is no UUID is the id of nothing.
public final class Ids {
    private static final int LENGTH = 36;
    private static final int RANDOM_BITS = 16;
    private static final long VERSION = 0x7000;
    private static final long VARIANT = Long.MIN_VALUE;

    /// Within one millisecond it counts on from the id before.
    private final TimeBasedEpochGenerator generator = Generators.timeBasedEpochGenerator();

    public String next() {
        return generator.generate().toString();
    }

    /// The least of the ids that are made at a time or later.
    public static UUID from(Instant time) {
        return new UUID(time.toEpochMilli() << RANDOM_BITS | VERSION, VARIANT);
    }

    /// An id as it is written everywhere, and other text as it is: to compare it with one.
    public static String canonical(String id) {
        return find(id).map(UUID::toString).orElse(id);
    }

    /// The id that a text is.
    public static Optional<UUID> find(String id) {
        if (id.length() != LENGTH) {
            return Optional.empty();
        }
        try {
            return Optional.of(UUID.fromString(id));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
