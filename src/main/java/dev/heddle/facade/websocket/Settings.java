package dev.heddle.facade.websocket;

import dev.heddle.facade.Cors;
import java.time.Duration;
import java.util.Set;

/// How methods are served over WebSockets.
///
/// @param maxQueuedMessages how many request messages of one call may wait for its handler; at
///   least 16, which the contract lets every client send, default 16, key
///   `websocket.max-queued-messages`
/// @param openTimeout how long a client may take to begin its call, beyond it the socket is closed
///   with 4004; more than zero, default 10 s, key `websocket.open-timeout`
/// @param allowedOrigins the origins, such as `https://app.example.com`, whose pages may call,
///   besides the gateway's own; `*` for all; default none, key `websocket.allowed-origins`
/// @param socket the bounds of each socket
public record Settings(
        int maxQueuedMessages,
        Duration openTimeout,
        Set<String> allowedOrigins,
        dev.heddle.http.websocket.Settings socket) {
    /// What holds where nothing is configured.
    public static final Settings DEFAULTS =
            new Settings(
                    RequestQueue.INITIAL_CREDIT,
                    Duration.ofSeconds(10),
                    Set.of(),
                    dev.heddle.http.websocket.Settings.DEFAULTS);

    private static final int MAX_QUEUED_MESSAGES = 1_000_000;

    public Settings {
        allowedOrigins = Set.copyOf(allowedOrigins);
        Cors.Settings.checkOrigins("websocket.allowed-origins", allowedOrigins);
        if (maxQueuedMessages < RequestQueue.INITIAL_CREDIT
                || maxQueuedMessages > MAX_QUEUED_MESSAGES) {
            throw new IllegalArgumentException(
                    "websocket.max-queued-messages: %d (expected: %d to %d)"
                            .formatted(
                                    maxQueuedMessages,
                                    RequestQueue.INITIAL_CREDIT,
                                    MAX_QUEUED_MESSAGES));
        }
        if (!openTimeout.isPositive()) {
            throw new IllegalArgumentException(
                    "websocket.open-timeout: %s (expected: > 0)".formatted(openTimeout));
        }
    }
}
