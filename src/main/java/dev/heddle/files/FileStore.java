package dev.heddle.files;

import com.google.protobuf.Timestamp;
import dev.heddle.db.Columns;
import dev.heddle.db.Condition;
import dev.heddle.db.Keyset;
import dev.heddle.db.Listed;
import dev.heddle.db.Query;
import dev.heddle.db.Row;
import dev.heddle.db.Rows;
import dev.heddle.db.Times;
import dev.heddle.files.v1.File;
import io.helidon.dbclient.DbExecute;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The table `files`. A file that has expired is not there, whether or not it was swept.
final class FileStore {
    /// The fields that a filter and an order may name.
    static final Columns COLUMNS =
            Columns.builder()
                    .uuid("id", "id")
                    .text("name", "name")
                    .text("content_type", "content_type")
                    .integer("size", "size")
                    .text("sha256", "sha256")
                    .text("owner", "owner")
                    .timestamp("create_time", "create_time")
                    .timestamp("update_time", "update_time")
                    .build();

    /// A file that never expires does so at infinity, which no timestamp of protobuf can say.
    private static final String FILE =
            """
            id, name, content_type, size, sha256, owner, create_time, update_time, version,
            CASE WHEN isfinite(expire_time) THEN expire_time ELSE 'epoch' END
            """;

    private static final int COLUMNS_OF_FILE = 10;
    private static final Timestamp EPOCH = Timestamp.getDefaultInstance();

    Optional<File> get(DbExecute db, UUID id) {
        return find(db, "files.get", id, "");
    }

    /// Reads a file that nobody else can change until the transaction ends.
    Optional<File> lock(DbExecute db, UUID id) {
        return find(db, "files.lock", id, "FOR UPDATE");
    }

    private static Optional<File> find(DbExecute db, String name, UUID id, String locking) {
        return db.createNamedGet(
                        name,
                        "SELECT %s FROM files WHERE id = CAST(:id AS uuid) AND expire_time > now() %s"
                                .formatted(FILE, locking))
                .addParam("id", id.toString())
                .execute()
                .map(row -> file(Row.of(row)));
    }

    List<Listed<File>> list(DbExecute db, Condition condition, Keyset keyset, int limit) {
        var sql =
                """
                SELECT %s, %s FROM files WHERE expire_time > now() AND (%s) ORDER BY %s LIMIT %d
                """
                        .formatted(
                                FILE, keyset.selection(), condition.sql(), keyset.orderBy(), limit);
        return Rows.list(
                db,
                new Query("files.list", sql, condition.parameters()),
                row -> new Listed<>(file(row), keyset.position(row, COLUMNS_OF_FILE + 1)));
    }

    void insert(DbExecute db, File file) {
        db.createNamedInsert(
                        "files.insert",
                        """
                        INSERT INTO files (id, name, content_type, size, sha256, owner,
                                           create_time, update_time, expire_time, version)
                        VALUES (CAST(:id AS uuid), :name, :content_type, :size, :sha256, :owner,
                                :time, :time, :expire_time, 1)
                        """)
                .addParam("id", file.getId())
                .addParam("name", file.getName())
                .addParam("content_type", file.getContentType())
                .addParam("size", file.getSize())
                .addParam("sha256", file.getSha256())
                .addParam("owner", file.getOwner())
                .addParam("time", Times.parameter(file.getCreateTime()))
                .addParam("expire_time", expireTime(file))
                .execute();
    }

    /// Writes what can change of a file, as the next version.
    void update(DbExecute db, File file) {
        db.createNamedUpdate(
                        "files.update",
                        """
                        UPDATE files SET name = :name, expire_time = :expire_time,
                                         update_time = :time, version = version + 1
                        WHERE id = CAST(:id AS uuid)
                        """)
                .addParam("id", file.getId())
                .addParam("name", file.getName())
                .addParam("expire_time", expireTime(file))
                .addParam("time", Times.parameter(file.getUpdateTime()))
                .execute();
    }

    void delete(DbExecute db, String id) {
        db.createNamedDelete("files.delete", "DELETE FROM files WHERE id = CAST(:id AS uuid)")
                .addParam("id", id)
                .execute();
    }

    /// Deletes files that have expired, and that no other replica deletes just now.
    List<File> deleteExpired(DbExecute db, int limit) {
        try (var rows =
                db.createNamedQuery(
                                "files.delete_expired",
                                """
                                DELETE FROM files WHERE id = ANY (ARRAY(
                                  SELECT id FROM files WHERE expire_time <= now()
                                  ORDER BY expire_time LIMIT :limit FOR UPDATE SKIP LOCKED))
                                RETURNING %s
                                """
                                        .formatted(FILE))
                        .addParam("limit", limit)
                        .execute()) {
            return rows.map(row -> file(Row.of(row))).toList();
        }
    }

    private static OffsetDateTime expireTime(File file) {
        // which the driver takes for infinity
        return file.hasExpireTime() ? Times.parameter(file.getExpireTime()) : OffsetDateTime.MAX;
    }

    private static File file(Row row) {
        var file =
                File.newBuilder()
                        .setId(row.text(1))
                        .setName(row.text(2))
                        .setContentType(row.text(3))
                        .setSize(row.integer(4))
                        .setSha256(row.text(5))
                        .setOwner(row.text(6))
                        .setCreateTime(row.timestamp(7))
                        .setUpdateTime(row.timestamp(8))
                        .setEtag(row.text(9));
        var expireTime = row.timestamp(10);
        return (expireTime.equals(EPOCH) ? file : file.setExpireTime(expireTime)).build();
    }
}
