package dev.heddle.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.heddle.db.Database;
import dev.heddle.db.Ids;
import dev.heddle.db.Times;
import dev.heddle.identity.v1.ApiKey;
import dev.heddle.rpc.Caller;
import dev.heddle.rpc.Grant;
import dev.heddle.rpc.Ownership;
import dev.heddle.rpc.RpcException;
import dev.heddle.security.CallerAuthenticator;
import dev.heddle.security.Revocations;
import io.grpc.Status.Code;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// API keys: made, listed, revoked and verified. A key that was verified is known for a while
/// without another look at the database; that it was revoked since, [Revocations] know.
final class ApiKeys {
    private static final Duration CACHE_TIME = Duration.ofMinutes(5);
    private static final int CACHE_SIZE = 10_000;

    private final Database database;
    private final RevocationLog log;
    private final Clock clock;
    private final ApiKeyStore store = new ApiKeyStore();
    private final Ids ids = new Ids();
    private final Cache<String, Caller> accepted =
            Caffeine.newBuilder().maximumSize(CACHE_SIZE).expireAfterWrite(CACHE_TIME).build();

    ApiKeys(Database database, RevocationLog log, Clock clock) {
        this.database = database;
        this.log = log;
        this.clock = clock;
    }

    /// An API key with the key, which is known here alone.
    record Made(ApiKey apiKey, String key) {}

    Made make(ApiKey wish, String subject) {
        var key = CallerAuthenticator.KEY_PREFIX + Secrets.next();
        var made =
                wish.toBuilder()
                        .setId(ids.next())
                        .setSubject(subject)
                        .setCreateTime(Times.now(clock))
                        .clearRevokeTime()
                        .build();
        database.transaction(db -> {
            store.insert(db, made, Secrets.digest(key));
            return made;
        });
        return new Made(made, key);
    }

    /// @param subject whose; empty text for everybody's
    List<ApiKey> list(String subject, UUID after, int limit) {
        return database.plain(db -> store.list(db, subject, after, limit));
    }

    /// @param own which keys are reached
    ApiKey revoke(String id, Ownership own) {
        var time = Times.now(clock);
        var revoked =
                database.transaction(db -> {
                    var key =
                            Ids.find(id)
                                    .flatMap(uuid -> store.lock(db, uuid))
                                    .filter(found -> own.reaches(found.getSubject()))
                                    .orElseThrow(() -> notFound(id));
                    if (key.hasRevokeTime()) {
                        return key;
                    }
                    store.revoke(db, key.getId(), time);
                    // for as long as a replica may think that it knows the key, and some more
                    log.add(db, Revocations.ofKey(key.getId()), time, CACHE_TIME.multipliedBy(12));
                    return key.toBuilder().setRevokeTime(time).build();
                });
        log.apply(Revocations.ofKey(revoked.getId()), revoked.getRevokeTime());
        return revoked;
    }

    Caller authenticate(String key) {
        var known = accepted.getIfPresent(key);
        if (known != null) {
            return known;
        }
        if (!Secrets.isSecret(key, CallerAuthenticator.KEY_PREFIX)) {
            throw unknown();
        }
        var found =
                database.plain(db -> store.find(db, Secrets.digest(key)))
                        .orElseThrow(ApiKeys::unknown);
        if (found.hasRevokeTime()) {
            throw Revocations.refusal();
        }
        var caller = caller(found);
        accepted.put(key, caller);
        return caller;
    }

    private static Caller caller(ApiKey key) {
        return new Caller(
                key.getSubject(),
                Set.copyOf(key.getScopesList()),
                new Grant(
                        Revocations.ofKey(key.getId()),
                        Moments.of(key.getCreateTime()),
                        Moments.of(key.getExpireTime())));
    }

    private static RpcException unknown() {
        return RpcException.unauthenticated("CREDENTIALS_INVALID", "nobody has this API key");
    }

    private static RpcException notFound(String id) {
        return new RpcException(Code.NOT_FOUND, "no API key \"%s\"".formatted(id))
                .withReason("API_KEY_NOT_FOUND", Map.of("id", id));
    }
}
