package dev.heddle.http.websocket;

import java.time.Duration;

/// The bounds of a WebSocket. How long a peer may take to accept what is written is the carrier's
/// `server.write-timeout`.
///
/// @param maxMessageSize the longest message that is taken, in bytes, all of its frames together,
///   before and after decompression; beyond it the socket is closed with 1009; 1 KiB to 1 GiB,
///   default 4 MiB, key `websocket.max-message-size`
/// @param compresses whether messages are compressed, in both directions, where the peer offers it;
///   default true, key `websocket.compress`
/// @param pingInterval how long a peer may be silent before it is asked for a sign of life; more
///   than zero, default 30 s, key `websocket.ping-interval`
/// @param pongTimeout how long it may take for it, before the socket is cut; more than zero,
///   default 20 s, key `websocket.pong-timeout`
/// @param closeTimeout how long it may take to close its side; more than zero, default 10 s, key
///   `websocket.close-timeout`
/// @param maxControlFrames how many frames that carry nothing of a message it may send in a second:
///   pings, pongs and empty fragments; beyond it the socket is closed with 1008; at least 10,
///   default 1000, key `websocket.max-control-frames`
public record Settings(
        int maxMessageSize,
        boolean compresses,
        Duration pingInterval,
        Duration pongTimeout,
        Duration closeTimeout,
        int maxControlFrames) {
    /// What holds where nothing is configured.
    public static final Settings DEFAULTS =
            new Settings(
                    4 * 1024 * 1024,
                    true,
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(10),
                    1000);

    private static final int MIN_CONTROL_FRAMES = 10;
    private static final int MIN_MESSAGE_SIZE = 1024;
    private static final int MAX_MESSAGE_SIZE = 1024 * 1024 * 1024;

    public Settings {
        if (maxMessageSize < MIN_MESSAGE_SIZE || maxMessageSize > MAX_MESSAGE_SIZE) {
            throw new IllegalArgumentException(
                    "websocket.max-message-size: %d (expected: %d to %d)"
                            .formatted(maxMessageSize, MIN_MESSAGE_SIZE, MAX_MESSAGE_SIZE));
        }
        checkPositive("websocket.ping-interval", pingInterval);
        checkPositive("websocket.pong-timeout", pongTimeout);
        checkPositive("websocket.close-timeout", closeTimeout);
        if (maxControlFrames < MIN_CONTROL_FRAMES) {
            throw new IllegalArgumentException(
                    "websocket.max-control-frames: %d (expected: >= %d)"
                            .formatted(maxControlFrames, MIN_CONTROL_FRAMES));
        }
    }

    private static void checkPositive(String key, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException("%s: %s (expected: > 0)".formatted(key, value));
        }
    }
}
