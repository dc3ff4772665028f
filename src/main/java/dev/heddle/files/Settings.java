package dev.heddle.files;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// The bounds of files.
///
/// @param maxSize how many bytes a file may have; 1 byte to 100 GiB, default 2 GiB; key
///   `files.max-size`
/// @param allowedTypes the media types that are taken, such as `image/*` or `application/pdf`;
///   default none, which stands for all; key `files.allowed-types`
/// @param defaultTtl after which a file goes whose upload does not say it; 0 s, the default: never;
///   key `files.default-ttl`
/// @param uploadTimeout how long the next 256 KiB of an upload, or its end, may take; 1 s to 1 day,
///   default 5 min; key `files.upload-timeout`
/// @param sweepInterval how often expired files and the remains of uploads are looked for; 100 ms
///   to 1 day, default 1 min; key `files.sweep-interval`
public record Settings(
        long maxSize,
        List<String> allowedTypes,
        Duration defaultTtl,
        Duration uploadTimeout,
        Duration sweepInterval) {
    private static final long MAX_SIZE = 100L << 30;
    private static final Duration DAY = Duration.ofDays(1);
    private static final String RANGE = "[a-z0-9!#$&^_.+-]+/([a-z0-9!#$&^_.+-]+|\\*)";

    /// The defaults.
    public static final Settings DEFAULT =
            new Settings(
                    2L << 30,
                    List.of(),
                    Duration.ZERO,
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(1));

    public Settings {
        allowedTypes = allowedTypes.stream().map(type -> type.toLowerCase(Locale.ROOT)).toList();
        check(maxSize >= 1 && maxSize <= MAX_SIZE, "max-size", maxSize, "1 to " + MAX_SIZE);
        for (var type : allowedTypes) {
            check(type.matches(RANGE), "allowed-types", type, "such as image/* or application/pdf");
        }
        check(!defaultTtl.isNegative(), "default-ttl", defaultTtl, ">= 0");
        check(
                uploadTimeout.toSeconds() >= 1 && uploadTimeout.compareTo(DAY) <= 0,
                "upload-timeout",
                uploadTimeout,
                "1 s to 1 day");
        check(
                sweepInterval.toMillis() >= 100 && sweepInterval.compareTo(DAY) <= 0,
                "sweep-interval",
                sweepInterval,
                "100 ms to 1 day");
    }

    private static void check(boolean valid, String key, Object value, String expected) {
        if (!valid) {
            throw new IllegalArgumentException(
                    "files.%s: %s (expected: %s)".formatted(key, value, expected));
        }
    }
}
