package dev.heddle.identity;

import java.time.Duration;

/// The bounds of revocations.
///
/// @param maxRevocations how many there may be at a time, which every replica keeps in memory; 1 to
///   10,000,000, default 100,000, key `security.max-revocations`
/// @param retention how long the revocation of a token is remembered: as long as a token may live,
///   key `security.max-token-lifetime`, and the time that clocks may differ
public record IdentitySettings(int maxRevocations, Duration retention) {
    private static final int MAX = 10_000_000;

    public IdentitySettings {
        if (maxRevocations < 1 || maxRevocations > MAX) {
            throw new IllegalArgumentException(
                    "security.max-revocations: %d (expected: 1 to %d)"
                            .formatted(maxRevocations, MAX));
        }
    }
}
