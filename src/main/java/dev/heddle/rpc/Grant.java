package dev.heddle.rpc;

import java.time.Instant;

/// What a caller's scopes rest on, and for how long.
///
/// @param id names the credentials among all; empty where they can't be revoked one by one
/// @param issueTime when they were issued
/// @param expireTime from when on they are not accepted; [Instant#MAX] for never
public record Grant(String id, Instant issueTime, Instant expireTime) {
    /// What neither ends nor can be taken back.
    public static final Grant PERMANENT = new Grant("", Instant.MAX, Instant.MAX);

    public boolean expires() {
        return expireTime.isBefore(Instant.MAX);
    }

    boolean isExpired(Instant now) {
        return expires() && !expireTime.isAfter(now);
    }
}
