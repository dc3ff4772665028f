package dev.heddle.jobs;

import dev.heddle.db.Row;
import io.helidon.dbclient.DbExecute;
import java.time.Duration;

/// Removes what is old.
final class SweepStore {
    /// Removes jobs that ended long ago, with all that belongs to them.
    ///
    /// @return how many, at most `limit`
    int removeEnded(DbExecute db, Duration retention, Duration deadRetention, int limit) {
        return db.createNamedGet(
                        "jobs.sweep",
                        """
                        WITH gone AS (
                          DELETE FROM jobs WHERE ctid = ANY (ARRAY(
                            SELECT ctid FROM jobs
                            WHERE end_time < now() - CAST(:shorter AS bigint) * interval '1 millisecond'
                              AND end_time < now() - CASE WHEN state = 6 THEN CAST(:dead AS bigint)
                                                     ELSE CAST(:other AS bigint) END
                                                     * interval '1 millisecond'
                            LIMIT :limit FOR UPDATE SKIP LOCKED))
                          RETURNING id
                        ), attempts AS (
                          DELETE FROM job_attempts USING gone WHERE job = id
                        ), lines AS (
                          DELETE FROM job_lines USING gone WHERE job = id
                        )
                        SELECT count(*) FROM gone
                        """)
                .addParam("shorter", shorter(retention, deadRetention).toMillis())
                .addParam("dead", deadRetention.toMillis())
                .addParam("other", retention.toMillis())
                .addParam("limit", limit)
                .execute()
                .map(row -> (int) Row.of(row).integer(1))
                .orElse(0);
    }

    /// Removes unique keys that name nothing any more.
    ///
    /// @return how many, at most `limit`
    int removeUniques(DbExecute db, int limit) {
        return (int)
                db.createNamedDelete(
                                "jobs.sweep_uniques",
                                """
                                DELETE FROM job_uniques WHERE ctid = ANY (ARRAY(
                                  SELECT ctid FROM job_uniques
                                  WHERE expire_time < now()
                                    AND NOT EXISTS (SELECT FROM jobs
                                                    WHERE id = job AND end_time IS NULL)
                                  LIMIT :limit FOR UPDATE SKIP LOCKED))
                                """)
                        .addParam("limit", limit)
                        .execute();
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
