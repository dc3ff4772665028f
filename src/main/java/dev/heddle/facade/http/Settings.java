package dev.heddle.facade.http;

import dev.heddle.facade.Cors;
import java.time.Duration;

/// How methods are served over plain HTTP.
///
/// @param maxMessageSize the largest request message, in bytes of its decoded body; 1 KiB to 1 GiB,
///   default 4 MiB, key `http.max-message-size`
/// @param heartbeat how long a stream may be silent before a heartbeat is sent; 10 ms or more,
///   default 15 s, key `http.heartbeat`
/// @param cors whose pages may call
public record Settings(int maxMessageSize, Duration heartbeat, Cors.Settings cors) {
    private static final int MIN_MESSAGE_SIZE = 1024;
    private static final int MAX_MESSAGE_SIZE = 1024 * 1024 * 1024;
    private static final Duration MIN_HEARTBEAT = Duration.ofMillis(10);

    /// What holds where nothing is configured.
    public static final Settings DEFAULTS =
            new Settings(4 * 1024 * 1024, Duration.ofSeconds(15), Cors.Settings.DEFAULTS);

    public Settings {
        if (maxMessageSize < MIN_MESSAGE_SIZE || maxMessageSize > MAX_MESSAGE_SIZE) {
            throw new IllegalArgumentException(
                    "http.max-message-size: %d (expected: %d to %d)"
                            .formatted(maxMessageSize, MIN_MESSAGE_SIZE, MAX_MESSAGE_SIZE));
        }
        if (heartbeat.compareTo(MIN_HEARTBEAT) < 0) {
            throw new IllegalArgumentException(
                    "http.heartbeat: %s (expected: >= %s)".formatted(heartbeat, MIN_HEARTBEAT));
        }
    }
}
