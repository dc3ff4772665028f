package dev.heddle.facade.http;

import java.time.Duration;
import java.util.Set;

/// How methods are served over plain HTTP.
///
/// @param maxMessageSize the largest request message, in bytes of its decoded body; 1 KiB to 1 GiB,
///   default 4 MiB, key `http.max-message-size`
/// @param heartbeat how long a stream may be silent before a heartbeat is sent; 10 ms or more,
///   default 15 s, key `http.heartbeat`
/// @param corsAllowedOrigins the origins, such as `https://app.example.com`, whose pages may call;
///   `*` for all; default none, key `http.cors.allowed-origins`
/// @param corsAllowCredentials whether those pages may send cookies; not with `*`; default false,
///   key `http.cors.allow-credentials`
/// @param corsMaxAge how long a browser may keep the answer to a preflight; not negative, default 1
///   h, key `http.cors.max-age`
public record Settings(
        int maxMessageSize,
        Duration heartbeat,
        Set<String> corsAllowedOrigins,
        boolean corsAllowCredentials,
        Duration corsMaxAge) {
    /// The origin that stands for all.
    public static final String ANY_ORIGIN = "*";

    /// What holds where nothing is configured.
    public static final Settings DEFAULTS =
            new Settings(
                    4 * 1024 * 1024, Duration.ofSeconds(15), Set.of(), false, Duration.ofHours(1));

    private static final int MIN_MESSAGE_SIZE = 1024;
    private static final int MAX_MESSAGE_SIZE = 1024 * 1024 * 1024;
    private static final Duration MIN_HEARTBEAT = Duration.ofMillis(10);

    public Settings {
        corsAllowedOrigins = Set.copyOf(corsAllowedOrigins);
        if (maxMessageSize < MIN_MESSAGE_SIZE || maxMessageSize > MAX_MESSAGE_SIZE) {
            throw new IllegalArgumentException(
                    "http.max-message-size: %d (expected: %d to %d)"
                            .formatted(maxMessageSize, MIN_MESSAGE_SIZE, MAX_MESSAGE_SIZE));
        }
        if (heartbeat.compareTo(MIN_HEARTBEAT) < 0) {
            throw new IllegalArgumentException(
                    "http.heartbeat: %s (expected: >= %s)".formatted(heartbeat, MIN_HEARTBEAT));
        }
        if (corsAllowCredentials && corsAllowedOrigins.contains(ANY_ORIGIN)) {
            throw new IllegalArgumentException(
                    "http.cors.allow-credentials: true with the origin * (expected: origins by name)");
        }
        if (corsMaxAge.isNegative()) {
            throw new IllegalArgumentException(
                    "http.cors.max-age: %s (expected: >= 0)".formatted(corsMaxAge));
        }
    }
}
