package dev.heddle.chat;

import java.time.Duration;

/// The bounds of chat.
///
/// @param sessionLease how long a session that its replica does not renew is taken to be there; at
///   least 100 ms, default 15 s; key `chat.session-lease`
/// @param maxRooms how many rooms a session may be in at once; 1 to 1,000, default 50; key
///   `chat.max-rooms`
/// @param typingInterval how often a session tells a room at most that its person types; at least
///   100 ms, default 3 s; key `chat.typing-interval`
public record Settings(Duration sessionLease, int maxRooms, Duration typingInterval) {
    /// The defaults.
    public static final Settings DEFAULT =
            new Settings(Duration.ofSeconds(15), 50, Duration.ofSeconds(3));

    public Settings {
        check(sessionLease.toMillis() >= 100, "session-lease", sessionLease, ">= 100 ms");
        check(maxRooms >= 1 && maxRooms <= 1000, "max-rooms", maxRooms, "1 to 1000");
        check(typingInterval.toMillis() >= 100, "typing-interval", typingInterval, ">= 100 ms");
    }

    private static void check(boolean valid, String key, Object value, String expected) {
        if (!valid) {
            throw new IllegalArgumentException(
                    "chat.%s: %s (expected: %s)".formatted(key, value, expected));
        }
    }
}
