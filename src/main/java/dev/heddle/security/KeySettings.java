package dev.heddle.security;

import java.net.URI;
import java.time.Duration;

/// Where the keys of an issuer are.
///
/// @param location of its JSON Web Key Set (RFC 7517): an `https` URL, an `http` URL on loopback,
///   or a file; key `security.jwks`
/// @param refresh how often it is looked at again at most, because a token names a key that is not
///   known or the last attempt failed; 1 s to 1 h, default 30 s, key `security.jwks-refresh`
/// @param maxAge after which it is looked at again in any case, so that a key that the issuer has
///   withdrawn goes; 10 s to 24 h, default 10 min, key `security.jwks-max-age`
public record KeySettings(URI location, Duration refresh, Duration maxAge) {
    public KeySettings {
        if (!isSafe(location)) {
            throw new IllegalArgumentException(
                    "security.jwks: %s (expected: an https URL, an http URL on loopback, or a file)"
                            .formatted(location));
        }
        check("jwks-refresh", refresh, Duration.ofSeconds(1), Duration.ofHours(1));
        check("jwks-max-age", maxAge, Duration.ofSeconds(10), Duration.ofDays(1));
    }

    /// Whoever can change the keys on their way can let anybody in.
    private static boolean isSafe(URI location) {
        return switch (location.getScheme()) {
            case "https", "file" -> true;
            case "http" -> Loopback.isLoopback(location.getHost());
            case null, default -> false;
        };
    }

    private static void check(String key, Duration value, Duration min, Duration max) {
        if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
            throw new IllegalArgumentException(
                    "security.%s: %s (expected: %s to %s)".formatted(key, value, min, max));
        }
    }
}
