package dev.heddle.jobs;

import dev.heddle.db.Row;
import io.helidon.dbclient.DbExecute;
import java.util.UUID;

/// The table `job_uniques`.
final class UniqueStore {
    /// What a job is the only one of. It belongs to who asks for the job: nobody finds another's by
    /// it, or puts it off.
    record Key(String type, String creator, String text) {}

    /// Who has a unique key.
    ///
    /// @param isFixed whether it keeps it though it may have ended
    record Holder(UUID job, boolean isFixed) {}

    /// Takes a key for a job, if no other has it. Locks the key until the transaction ends.
    ///
    /// @param millis how long it is kept at least
    /// @return who has it now
    Holder claim(DbExecute db, Key key, UUID job, long millis) {
        try (var rows =
                db.createNamedQuery(
                                "jobs.claim_unique",
                                """
                                INSERT INTO job_uniques (type, creator, key, job, expire_time)
                                VALUES (:type, :creator, :key, CAST(:job AS uuid),
                                        now() + CAST(:millis AS bigint) * interval '1 millisecond')
                                ON CONFLICT (type, creator, key) DO UPDATE SET key = job_uniques.key
                                RETURNING job, CAST(expire_time > now() AS integer)
                                """)
                        .addParam("type", key.type())
                        .addParam("creator", key.creator())
                        .addParam("key", key.text())
                        .addParam("job", job.toString())
                        .addParam("millis", millis)
                        .execute()) {
            return rows.map(Row::of)
                    .map(row -> new Holder(UUID.fromString(row.text(1)), row.integer(2) == 1))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /// Gives a locked key to another job.
    void replace(DbExecute db, Key key, UUID job, long millis) {
        db.createNamedUpdate(
                        "jobs.replace_unique",
                        """
                        UPDATE job_uniques
                        SET job = CAST(:job AS uuid),
                            expire_time = now() + CAST(:millis AS bigint) * interval '1 millisecond'
                        WHERE type = :type AND creator = :creator AND key = :key
                        """)
                .addParam("type", key.type())
                .addParam("creator", key.creator())
                .addParam("key", key.text())
                .addParam("job", job.toString())
                .addParam("millis", millis)
                .execute();
    }
}
