package dev.heddle.identity;

import com.google.protobuf.Timestamp;
import dev.heddle.db.Query;
import dev.heddle.db.Row;
import dev.heddle.db.Rows;
import dev.heddle.db.Times;
import dev.heddle.identity.v1.ApiKey;
import dev.heddle.security.Scopes;
import io.helidon.dbclient.DbExecute;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/// The table `api_keys`.
final class ApiKeyStore {
    private static final String KEY =
            "id, name, subject, scopes, create_time, %s, %s"
                    .formatted(Moments.column("expire_time"), Moments.column("revoke_time"));

    void insert(DbExecute db, ApiKey key, byte[] digest) {
        db.createNamedInsert(
                        "api_keys.insert",
                        """
                        INSERT INTO api_keys (id, digest, name, subject, scopes, create_time, expire_time)
                        VALUES (CAST(:id AS uuid), :digest, :name, :subject, :scopes, :create_time,
                                :expire_time)
                        """)
                .addParam("id", key.getId())
                .addParam("digest", digest)
                .addParam("name", key.getName())
                .addParam("subject", key.getSubject())
                .addParam("scopes", Scopes.format(Set.copyOf(key.getScopesList())))
                .addParam("create_time", Times.parameter(key.getCreateTime()))
                .addParam("expire_time", expireTime(key))
                .execute();
    }

    Optional<ApiKey> find(DbExecute db, byte[] digest) {
        return db.createNamedGet(
                        "api_keys.find",
                        "SELECT %s FROM api_keys WHERE digest = :digest".formatted(KEY))
                .addParam("digest", digest)
                .execute()
                .map(row -> key(Row.of(row)));
    }

    /// Reads a key that nobody else can change until the transaction ends.
    Optional<ApiKey> lock(DbExecute db, UUID id) {
        return db.createNamedGet(
                        "api_keys.lock",
                        "SELECT %s FROM api_keys WHERE id = CAST(:id AS uuid) FOR UPDATE"
                                .formatted(KEY))
                .addParam("id", id.toString())
                .execute()
                .map(row -> key(Row.of(row)));
    }

    /// Keys by id.
    ///
    /// @param subject whose; empty text for everybody's
    /// @param after the id that they come behind
    List<ApiKey> list(DbExecute db, String subject, UUID after, int limit) {
        return Rows.list(
                db,
                new Query(
                        "api_keys.list",
                        """
                        SELECT %s FROM api_keys
                        WHERE id > :after AND (:all OR subject = :subject)
                        ORDER BY id LIMIT :limit
                        """
                                .formatted(KEY),
                        Map.of(
                                "after",
                                after,
                                "all",
                                subject.isEmpty(),
                                "subject",
                                subject,
                                "limit",
                                limit)),
                ApiKeyStore::key);
    }

    void revoke(DbExecute db, String id, Timestamp time) {
        db.createNamedUpdate(
                        "api_keys.revoke",
                        "UPDATE api_keys SET revoke_time = :time WHERE id = CAST(:id AS uuid)")
                .addParam("id", id)
                .addParam("time", Times.parameter(time))
                .execute();
    }

    void revokeAll(DbExecute db, String subject, Timestamp time) {
        db.createNamedUpdate(
                        "api_keys.revoke_all",
                        """
                        UPDATE api_keys SET revoke_time = :time
                        WHERE subject = :subject AND revoke_time = 'infinity'
                        """)
                .addParam("subject", subject)
                .addParam("time", Times.parameter(time))
                .execute();
    }

    private static OffsetDateTime expireTime(ApiKey key) {
        return key.hasExpireTime() ? Times.parameter(key.getExpireTime()) : OffsetDateTime.MAX;
    }

    private static ApiKey key(Row row) {
        var key =
                ApiKey.newBuilder()
                        .setId(row.text(1))
                        .setName(row.text(2))
                        .setSubject(row.text(3))
                        .addAllScopes(Scopes.parse(row.text(4)).stream().sorted().toList())
                        .setCreateTime(row.timestamp(5));
        if (!row.timestamp(6).equals(Timestamp.getDefaultInstance())) {
            key.setExpireTime(row.timestamp(6));
        }
        if (!row.timestamp(7).equals(Timestamp.getDefaultInstance())) {
            key.setRevokeTime(row.timestamp(7));
        }
        return key.build();
    }
}
