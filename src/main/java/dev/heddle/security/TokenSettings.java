package dev.heddle.security;

import java.time.Duration;

/// Which tokens are accepted.
///
/// @param issuer who makes them, their claim `iss`; key `security.issuer`
/// @param audience what must be among their claim `aud`; default `heddle`, key `security.audience`
/// @param clockSkew how far the issuer's clock may be from ours; 0 to 5 min, default 30 s, key
///   `security.clock-skew`
/// @param maxLifetime how much longer a token may be valid when it is first seen: as long as a
///   revocation is remembered; 1 min to 366 days, default 30 days, key
///   `security.max-token-lifetime`
/// @param maxSize how long a token may be, in characters; 512 to 64 Ki, default 8 Ki, key
///   `security.max-token-size`
/// @param cacheSize how many tokens are known to be valid without another look at their signatures,
///   each for five minutes; 0 to 1,000,000, default 10,000, key `security.token-cache`
public record TokenSettings(
        String issuer,
        String audience,
        Duration clockSkew,
        Duration maxLifetime,
        int maxSize,
        int cacheSize) {
    private static final Duration MAX_SKEW = Duration.ofMinutes(5);
    private static final Duration MIN_LIFETIME = Duration.ofMinutes(1);
    private static final Duration MAX_LIFETIME = Duration.ofDays(366);
    private static final int MIN_SIZE = 512;
    private static final int MAX_SIZE = 64 << 10;
    private static final int MAX_CACHE = 1_000_000;

    /// What holds where nothing is configured.
    public static final TokenSettings DEFAULT =
            new TokenSettings(
                    "", "heddle", Duration.ofSeconds(30), Duration.ofDays(30), 8 << 10, 10_000);

    public TokenSettings {
        check(!audience.isBlank(), "audience", "\"%s\"".formatted(audience), "a name");
        check(
                !clockSkew.isNegative() && clockSkew.compareTo(MAX_SKEW) <= 0,
                "clock-skew",
                clockSkew,
                "0 to 5 min");
        check(
                maxLifetime.compareTo(MIN_LIFETIME) >= 0
                        && maxLifetime.compareTo(MAX_LIFETIME) <= 0,
                "max-token-lifetime",
                maxLifetime,
                "1 min to 366 days");
        check(maxSize >= MIN_SIZE && maxSize <= MAX_SIZE, "max-token-size", maxSize, "512 to 64Ki");
        check(cacheSize >= 0 && cacheSize <= MAX_CACHE, "token-cache", cacheSize, "0 to 1000000");
    }

    public TokenSettings withIssuer(String value) {
        return new TokenSettings(value, audience, clockSkew, maxLifetime, maxSize, cacheSize);
    }

    private static void check(boolean valid, String key, Object value, String expected) {
        if (!valid) {
            throw new IllegalArgumentException(
                    "security.%s: %s (expected: %s)".formatted(key, value, expected));
        }
    }
}
