package dev.heddle.webhooks;

import java.time.Duration;

/// How webhooks are sent.
///
/// @param secret what they are signed with, 16 characters at least; empty, the default: none is
///   sent; key `webhook.secret`
/// @param allowPrivate whether they may go to addresses that are not on the internet, such as those
///   of the gateway's own network; default false; key `webhook.allow-private`
/// @param connectTimeout how long the other server may take to accept the connection; > 0, default
///   5 s; key `webhook.connect-timeout`
/// @param timeout how long it may take in all, to the beginning of its answer; > 0, default 15 s;
///   key `webhook.timeout`
public record Settings(
        String secret, boolean allowPrivate, Duration connectTimeout, Duration timeout) {
    /// The defaults.
    public static final Settings DEFAULT =
            new Settings("", false, Duration.ofSeconds(5), Duration.ofSeconds(15));

    private static final int SHORTEST_SECRET = 16;

    public Settings {
        if (!secret.isEmpty() && secret.length() < SHORTEST_SECRET) {
            throw new IllegalArgumentException(
                    "webhook.secret: %d characters (expected: at least %d)"
                            .formatted(secret.length(), SHORTEST_SECRET));
        }
        positive("connect-timeout", connectTimeout);
        positive("timeout", timeout);
    }

    /// Without the secret.
    @Override
    public String toString() {
        return "Settings[allowPrivate=%s, connectTimeout=%s, timeout=%s]"
                .formatted(allowPrivate, connectTimeout, timeout);
    }

    private static void positive(String key, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(
                    "webhook.%s: %s (expected: > 0)".formatted(key, value));
        }
    }
}
