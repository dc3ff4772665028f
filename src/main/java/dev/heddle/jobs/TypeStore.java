package dev.heddle.jobs;

import dev.heddle.db.Query;
import dev.heddle.db.Row;
import dev.heddle.db.Rows;
import io.helidon.dbclient.DbExecute;
import java.util.Map;
import java.util.Set;

/// The table `job_types`.
final class TypeStore {
    void setPaused(DbExecute db, String type, boolean isPaused) {
        db.createNamedInsert(
                        "jobs.set_paused",
                        """
                        INSERT INTO job_types (name, paused) VALUES (:name, :paused)
                        ON CONFLICT (name) DO UPDATE SET paused = EXCLUDED.paused
                        """)
                .addParam("name", type)
                .addParam("paused", isPaused)
                .execute();
    }

    /// The names of the types that are paused.
    Set<String> paused(DbExecute db) {
        return Set.copyOf(
                Rows.list(
                        db,
                        new Query(
                                "jobs.paused", "SELECT name FROM job_types WHERE paused", Map.of()),
                        (Row row) -> row.text(1)));
    }
}
