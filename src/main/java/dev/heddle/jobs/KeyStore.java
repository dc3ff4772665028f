package dev.heddle.jobs;

import dev.heddle.db.Row;
import io.helidon.dbclient.DbExecute;
import java.util.UUID;

/// The table `job_keys`, and the jobs that wait for a key.
///
/// A job of a key that another has is parked: it loses its trigger, so that nobody looks at it
/// again, and waits until the key is released. Both happen under the lock of the key's row: so a
/// job is parked before the release that wakes it, or finds the key free.
final class KeyStore {
    /// Takes a key for a job, if no other has it. Locks the key until the transaction ends.
    boolean take(DbExecute db, String key, UUID job) {
        try (var rows =
                db.createNamedQuery(
                                "jobs.take_key",
                                """
                                INSERT INTO job_keys (key, job) VALUES (:key, CAST(:job AS uuid))
                                ON CONFLICT (key) DO UPDATE SET key = job_keys.key
                                RETURNING job
                                """)
                        .addParam("key", key)
                        .addParam("job", job.toString())
                        .execute()) {
            return rows.map(row -> Row.of(row).text(1)).anyMatch(job.toString()::equals);
        }
    }

    void park(DbExecute db, Picked job) {
        db.createNamedUpdate(
                        "jobs.park",
                        """
                        UPDATE jobs SET waiting = true, fence = :fence
                        WHERE id = CAST(:id AS uuid)
                        """)
                .addParam("id", job.id().toString())
                .addParam("fence", job.fence())
                .execute();
    }

    /// Gives back the key that a job has, if it has.
    void release(DbExecute db, String key, UUID job) {
        db.createNamedDelete(
                        "jobs.release_key",
                        "DELETE FROM job_keys WHERE key = :key AND job = CAST(:job AS uuid)")
                .addParam("key", key)
                .addParam("job", job.toString())
                .execute();
    }

    /// Gives the first that waits for a key its trigger back.
    ///
    /// @return whether there was one
    boolean wakeNext(DbExecute db, String key) {
        return db.createNamedInsert(
                                "jobs.wake_next",
                                """
                                WITH next AS (
                                  SELECT id FROM jobs
                                  WHERE concurrency_key = :key AND waiting
                                  ORDER BY priority DESC, run_time, id LIMIT 1
                                  FOR UPDATE SKIP LOCKED
                                ), woken AS (
                                  UPDATE jobs SET waiting = false FROM next
                                  WHERE jobs.id = next.id
                                  RETURNING jobs.id, type, fence, priority
                                )
                                INSERT INTO scheduled_tasks
                                  (task_name, task_instance, execution_time, picked, version, priority)
                                SELECT type, CAST(id AS text), clock_timestamp(), false, fence + 1,
                                       priority
                                FROM woken
                                """)
                        .addParam("key", key)
                        .execute()
                == 1;
    }

    /// Wakes one job of each of some keys that nobody has, such as where the one that was woken
    /// last is of a type that is paused.
    ///
    /// @return how many
    int wakeStranded(DbExecute db, int limit) {
        try (var rows =
                db.createNamedQuery(
                                "jobs.stranded_keys",
                                """
                                SELECT DISTINCT concurrency_key FROM jobs
                                WHERE waiting
                                  AND NOT EXISTS (SELECT FROM job_keys WHERE key = concurrency_key)
                                LIMIT :limit
                                """)
                        .addParam("limit", limit)
                        .execute()) {
            var keys = rows.map(row -> Row.of(row).text(1)).toList();
            return (int) keys.stream().filter(key -> wakeNext(db, key)).count();
        }
    }
}
