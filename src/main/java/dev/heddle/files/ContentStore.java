package dev.heddle.files;

import com.google.protobuf.ByteString;
import dev.heddle.db.Row;
import io.helidon.dbclient.DbExecute;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;

/// The tables `file_chunks` and `file_orphans`.
final class ContentStore {
    /// The size of all chunks of a file but its last, in bytes: large enough for a row to cost
    /// little beside its bytes, small enough to be held by each of many transfers.
    static final int CHUNK_SIZE = 256 * 1024;

    private static final int CHUNKS_A_SWEEP = 64;

    /// Writes the first chunk of an upload.
    ///
    /// @param timeout after which it is removed, unless another follows
    void begin(DbExecute db, String id, byte[] data, Duration timeout) {
        db.createNamedInsert(
                        "file_chunks.begin",
                        """
                        WITH orphan AS (
                          INSERT INTO file_orphans (id, due_time)
                          VALUES (CAST(:id AS uuid),
                                  now() + CAST(:millis AS bigint) * interval '1 millisecond')
                          RETURNING id
                        )
                        INSERT INTO file_chunks (file_id, number, data)
                        SELECT id, 0, :data FROM orphan
                        """)
                .addParam("id", id)
                .addParam("millis", timeout.toMillis())
                .addParam("data", data)
                .execute();
    }

    /// Writes one more chunk of an upload, and puts off its removal.
    ///
    /// @return whether it was; otherwise the upload has been given up
    boolean append(DbExecute db, String id, int number, byte[] data, Duration timeout) {
        return db.createNamedInsert(
                                "file_chunks.append",
                                """
                                WITH orphan AS (
                                  UPDATE file_orphans SET due_time =
                                    now() + CAST(:millis AS bigint) * interval '1 millisecond'
                                  WHERE id = CAST(:id AS uuid) AND due_time > now()
                                  RETURNING id
                                )
                                INSERT INTO file_chunks (file_id, number, data)
                                SELECT id, CAST(:number AS integer), :data FROM orphan
                                """)
                        .addParam("id", id)
                        .addParam("millis", timeout.toMillis())
                        .addParam("number", number)
                        .addParam("data", data)
                        .execute()
                == 1;
    }

    /// Writes the last chunk, in the transaction of its file.
    void finish(DbExecute db, String id, int number, byte[] data) {
        db.createNamedInsert(
                        "file_chunks.finish",
                        """
                        INSERT INTO file_chunks (file_id, number, data)
                        VALUES (CAST(:id AS uuid), :number, :data)
                        """)
                .addParam("id", id)
                .addParam("number", number)
                .addParam("data", data)
                .execute();
    }

    /// Gives the chunks of an upload to its file, in the transaction of the file.
    ///
    /// @return whether they were there; otherwise the upload has been given up
    boolean adopt(DbExecute db, String id) {
        return db.createNamedDelete(
                                "file_orphans.adopt",
                                """
                                DELETE FROM file_orphans
                                WHERE id = CAST(:id AS uuid) AND due_time > now()
                                """)
                        .addParam("id", id)
                        .execute()
                == 1;
    }

    /// Has the chunks of an upload that failed removed now; without effect on those of a file.
    void abandon(DbExecute db, String id) {
        db.createNamedUpdate(
                        "file_orphans.abandon",
                        "UPDATE file_orphans SET due_time = '-infinity' WHERE id = CAST(:id AS uuid)")
                .addParam("id", id)
                .execute();
    }

    /// Has the chunks of files removed, in the transaction that deletes these.
    void orphan(DbExecute db, Collection<String> ids) {
        db.createNamedInsert(
                        "file_orphans.orphan",
                        """
                        INSERT INTO file_orphans (id, due_time)
                        SELECT id, '-infinity' FROM unnest(CAST(:ids AS uuid[])) AS gone (id)
                        """)
                .addParam("ids", ids.toArray(String[]::new))
                .execute();
    }

    /// Empty where the file has been deleted.
    Optional<ByteString> chunk(DbExecute db, String id, int number) {
        return db.createNamedGet(
                        "file_chunks.get",
                        """
                        SELECT data FROM file_chunks
                        WHERE file_id = CAST(:id AS uuid) AND number = :number
                        """)
                .addParam("id", id)
                .addParam("number", number)
                .execute()
                .map(row -> Row.of(row).bytes(1));
    }

    /// Chooses an orphan that is due, and that no other replica removes just now. From then on no
    /// upload can put it off.
    Optional<String> due(DbExecute db) {
        return db.createNamedGet(
                        "file_orphans.due",
                        """
                        UPDATE file_orphans SET due_time = '-infinity' WHERE id = (
                          SELECT id FROM file_orphans WHERE due_time <= now()
                          ORDER BY due_time LIMIT 1 FOR UPDATE SKIP LOCKED)
                        RETURNING id
                        """)
                .execute()
                .map(row -> Row.of(row).text(1));
    }

    /// Removes some chunks of an orphan, and the orphan with the last of them.
    void remove(DbExecute db, String id) {
        var removed =
                db.createNamedDelete(
                                "file_chunks.remove",
                                """
                                DELETE FROM file_chunks
                                WHERE file_id = CAST(:id AS uuid) AND number IN (
                                  SELECT number FROM file_chunks WHERE file_id = CAST(:id AS uuid)
                                  ORDER BY number LIMIT :limit)
                                """)
                        .addParam("id", id)
                        .addParam("limit", CHUNKS_A_SWEEP)
                        .execute();
        if (removed < CHUNKS_A_SWEEP) {
            db.createNamedDelete(
                            "file_orphans.remove",
                            "DELETE FROM file_orphans WHERE id = CAST(:id AS uuid)")
                    .addParam("id", id)
                    .execute();
        }
    }
}
