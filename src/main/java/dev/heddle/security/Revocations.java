package dev.heddle.security;

import dev.heddle.rpc.Caller;
import dev.heddle.rpc.RpcException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What was revoked, in memory: each call looks here. How much there is at most, whoever keeps it
/// sees to.
public final class Revocations {
    private volatile Map<String, Instant> all = new ConcurrentHashMap<>();

    /// What a token is revoked by.
    ///
    /// @param id its `jti`
    public static String ofToken(String id) {
        return "token:" + id;
    }

    /// What an API key is revoked by.
    public static String ofKey(String id) {
        return "key:" + id;
    }

    /// What all that a subject holds is revoked by.
    public static String ofSubject(String subject) {
        return "subject:" + subject;
    }

    static String ofCertificate(String fingerprint) {
        return "certificate:" + fingerprint;
    }

    /// Adds one, or moves its time.
    public void add(String id, Instant time) {
        all.put(id, time);
    }

    /// Forgets what it knows for what is told now.
    public void replace(Map<String, Instant> revoked) {
        all = new ConcurrentHashMap<>(revoked);
    }

    /// Refuses a caller whose credentials were revoked.
    ///
    /// @throws RpcException UNAUTHENTICATED, reason `TOKEN_REVOKED`
    public void check(Caller caller) {
        var known = all;
        if (known.isEmpty()) {
            return;
        }
        var grant = caller.grant();
        var ofSubject = known.get(ofSubject(caller.subject()));
        if (known.containsKey(grant.id())
                || (ofSubject != null && !grant.issueTime().isAfter(ofSubject))) {
            throw refusal();
        }
    }

    /// The refusal of what was revoked.
    public static RpcException refusal() {
        return Refusal.TOKEN_REVOKED.because("the credentials were revoked (expected: new ones)");
    }
}
