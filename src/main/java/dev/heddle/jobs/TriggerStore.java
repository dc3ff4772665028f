package dev.heddle.jobs;

import dev.heddle.db.Pick;
import dev.heddle.db.Row;
import io.helidon.dbclient.DbExecute;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/// The table `scheduled_tasks`, and what changes with it in one statement.
final class TriggerStore {
    /// What db-scheduler calls the only instance of a task that recurs.
    static final String RECURRING = "recurring";

    /// Of each type and priority the first that are due, by the index `scheduled_tasks_due`: so
    /// neither a paused type nor one without room costs anything, however many of its jobs wait.
    ///
    /// Rows are updated by their place, and jobs found one by one, lest the planner reads a table
    /// as a whole because it was small when the plan was made.
    private static final String PICK =
            """
            WITH chosen AS (
              SELECT place, priority, execution_time
              FROM (SELECT first.*, lane.slots,
                           row_number() OVER (PARTITION BY lane.type
                                              ORDER BY first.priority DESC, execution_time) AS rank
                    FROM unnest(CAST(:types AS text[]), CAST(:priorities AS smallint[]),
                                CAST(:slots AS integer[]), CAST(:floors AS timestamptz[]))
                           AS lane (type, priority, slots, floor)
                    CROSS JOIN LATERAL (
                      SELECT ctid AS place, scheduled_tasks.priority, execution_time
                      FROM scheduled_tasks
                      WHERE task_name = lane.type AND scheduled_tasks.priority = lane.priority
                        AND NOT picked AND execution_time BETWEEN lane.floor AND now()
                      ORDER BY execution_time LIMIT lane.slots FOR UPDATE SKIP LOCKED) AS first
                    WHERE NOT EXISTS (SELECT FROM job_types
                                      WHERE name = lane.type AND paused)) AS due
              WHERE rank <= slots
              ORDER BY priority DESC, execution_time LIMIT :limit
            ), picked AS (
              UPDATE scheduled_tasks
              SET picked = true, picked_by = :runner, last_heartbeat = now(), pick_time = now(),
                  version = version + 1
              WHERE ctid = ANY (ARRAY(SELECT place FROM chosen))
              RETURNING task_name, task_instance, version, priority, execution_time
            )
            SELECT picked.*, COALESCE(payload, '{}'), COALESCE(attempts, 0), COALESCE(earlier, 0),
                   COALESCE(max_attempts, 1), COALESCE(timeout_millis, 1),
                   COALESCE(concurrency_key, ''), CAST(COALESCE(cancelled, false) AS integer),
                   COALESCE(creator, ''), COALESCE(lines, 0)
            FROM picked
            LEFT JOIN LATERAL (
              SELECT payload, attempts, earlier, max_attempts, timeout_millis, concurrency_key,
                     cancelled, creator, lines
              FROM jobs
              WHERE id = CASE WHEN task_instance <> 'recurring'
                         THEN CAST(task_instance AS uuid) END
              LIMIT 1) AS job ON true
            ORDER BY priority DESC, execution_time
            """;

    private static final String OUTCOME =
            """
            WITH outcome AS MATERIALIZED (
              SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:types AS text[]),
                                   CAST(:fences AS bigint[]), CAST(:states AS smallint[]),
                                   CAST(:results AS text[]), CAST(:errors AS text[]),
                                   CAST(:counts AS integer[]), CAST(:numbers AS integer[]),
                                   CAST(:pauses AS bigint[]), CAST(:runners AS text[]))
                   AS new (id, type, fence, state, result, error, count, number, pause, runner)
            ), ended AS (
              DELETE FROM scheduled_tasks USING outcome
              WHERE task_instance = CAST(id AS text) AND task_name = type AND version = fence
                AND picked AND state <> 1
              RETURNING outcome.*, pick_time
            ), postponed AS (
              UPDATE scheduled_tasks
              SET picked = false, picked_by = NULL, last_heartbeat = NULL, version = version + 1,
                  execution_time = clock_timestamp() + pause * interval '1 millisecond'
              FROM outcome
              WHERE task_instance = CAST(id AS text) AND task_name = type AND version = fence
                AND picked AND state = 1
              RETURNING outcome.*, pick_time
            ), mine AS (
              SELECT * FROM ended UNION ALL SELECT * FROM postponed
            ), attempt AS (
              INSERT INTO job_attempts (job, number, start_time, end_time, error, runner)
              SELECT id, number, pick_time, now(), error, runner FROM mine WHERE count = 1
              ON CONFLICT DO NOTHING
            )
            UPDATE jobs
            SET state = new.state, result = new.result, error = new.error, fence = new.fence,
                attempts = attempts + count,
                progress = CASE WHEN new.state = 3 THEN 1 ELSE progress END,
                run_time = CASE WHEN new.state = 1
                           THEN now() + pause * interval '1 millisecond' ELSE run_time END,
                end_time = CASE WHEN new.state <> 1 THEN now() END
            FROM mine AS new
            WHERE jobs.id = new.id
            RETURNING jobs.id, CAST(watched AS integer),
                      CAST(cancelled AND jobs.state = 1 AS integer)
            """;

    /// What came of an outcome that was written.
    ///
    /// @param isUnwanted whether the job waits for another attempt, and was to be cancelled
    record Written(UUID id, boolean isWatched, boolean isUnwanted) {}

    /// How due jobs are picked.
    static Pick<Picked> pick(Slots slots) {
        var frontier = new Frontier();
        return new Pick<>() {
            @Override
            public String sql() {
                return PICK;
            }

            @Override
            public Map<String, Object> parameters(int limit) {
                return frontier.look(slots.free(limit), limit);
            }

            @Override
            public Picked data(Row row) {
                var picked = picked(row);
                slots.take(picked.type());
                var time = row.timestamp(5);
                frontier.picked(
                        picked.type(),
                        (int) row.integer(4),
                        Instant.ofEpochSecond(time.getSeconds(), time.getNanos()));
                return picked;
            }
        };
    }

    private static Picked picked(Row row) {
        var instance = row.text(2);
        var column = Pick.FIRST_OWN_COLUMN;
        var attempts = (int) row.integer(column + 1);
        var earlier = (int) row.integer(column + 2);
        return new Picked(
                instance.equals(RECURRING) ? new UUID(0, 0) : UUID.fromString(instance),
                row.text(1),
                row.integer(3),
                row.text(column),
                attempts + 1,
                attempts + 1 - earlier,
                (int) row.integer(column + 3),
                Duration.ofMillis(row.integer(column + 4)),
                row.text(column + 5),
                row.integer(column + 6) == 1,
                row.text(column + 7),
                (int) row.integer(column + 8));
    }

    /// A job that a runner has, or had when it was lost.
    Optional<Picked> find(DbExecute db, UUID id, String type, long fence) {
        return db.createNamedGet(
                        "jobs.find_picked",
                        """
                        SELECT task_name, task_instance, version, scheduled_tasks.priority,
                               execution_time, payload, attempts, earlier, max_attempts,
                               timeout_millis, concurrency_key, CAST(cancelled AS integer),
                               creator, lines
                        FROM scheduled_tasks
                        JOIN jobs ON id = CAST(:id AS uuid)
                        WHERE task_instance = :id AND task_name = :type AND version = :fence
                          AND picked
                        """)
                .addParam("id", id.toString())
                .addParam("type", type)
                .addParam("fence", fence)
                .execute()
                .map(row -> picked(Row.of(row)));
    }

    /// Has the statements of the current transaction find rows by index. The plans are kept, and
    /// one that was made when the tables were small would read them as a whole when they are not.
    void preferIndexes(DbExecute db) {
        db.createNamedGet("jobs.prefer_indexes", "SELECT set_config('enable_seqscan', 'off', true)")
                .execute();
    }

    /// Ends or postpones jobs, each only if its runner has it still.
    ///
    /// @return those of which it had
    List<Written> write(DbExecute db, List<Outcome> outcomes) {
        try (var rows =
                db.createNamedQuery("jobs.outcome", OUTCOME)
                        .addParam("ids", texts(outcomes, each -> each.job().id().toString()))
                        .addParam("types", texts(outcomes, each -> each.job().type()))
                        .addParam("fences", numbers(outcomes, each -> each.job().fence()))
                        .addParam("states", numbers(outcomes, each -> each.state().getNumber()))
                        .addParam("results", texts(outcomes, Outcome::result))
                        .addParam("errors", texts(outcomes, Outcome::error))
                        .addParam("counts", numbers(outcomes, each -> each.isAttempt() ? 1 : 0))
                        .addParam("numbers", numbers(outcomes, each -> each.job().attempt()))
                        .addParam("pauses", numbers(outcomes, each -> each.pause().toMillis()))
                        .addParam("runners", texts(outcomes, Outcome::runner))
                        .execute()) {
            return rows.map(Row::of)
                    .map(row ->
                            new Written(
                                    UUID.fromString(row.text(1)),
                                    row.integer(2) == 1,
                                    row.integer(3) == 1))
                    .toList();
        }
    }

    /// Takes the trigger of a job away that waits for its time.
    ///
    /// @return its version; empty if it runs or has none
    Optional<Long> withdraw(DbExecute db, UUID id) {
        try (var rows =
                db.createNamedQuery(
                                "jobs.withdraw",
                                """
                                DELETE FROM scheduled_tasks
                                WHERE task_instance = :id AND NOT picked
                                RETURNING version
                                """)
                        .addParam("id", id.toString())
                        .execute()) {
            return rows.map(row -> Row.of(row).integer(1)).findFirst();
        }
    }

    /// Takes the trigger of a job away that a runner has.
    boolean park(DbExecute db, Picked job) {
        return db.createNamedDelete(
                                "jobs.park_trigger",
                                """
                                DELETE FROM scheduled_tasks
                                WHERE task_instance = :id AND task_name = :type
                                  AND version = :fence AND picked
                                """)
                        .addParam("id", job.id().toString())
                        .addParam("type", job.type())
                        .addParam("fence", job.fence())
                        .execute()
                == 1;
    }

    /// Has a job that waits looked at now.
    void hasten(DbExecute db, UUID id) {
        db.createNamedUpdate(
                        "jobs.hasten",
                        """
                        UPDATE scheduled_tasks SET execution_time = clock_timestamp()
                        WHERE task_instance = :id AND NOT picked
                        """)
                .addParam("id", id.toString())
                .execute();
    }

    /// Puts a job that waits off, or brings it forward.
    ///
    /// @param millis from now, but not later than `latestMillis` after the job was made
    /// @return whether it still waited
    boolean postpone(DbExecute db, UUID id, long millis, long latestMillis) {
        return db.createNamedUpdate(
                                "jobs.postpone",
                                """
                                UPDATE scheduled_tasks
                                SET execution_time =
                                  LEAST(now() + CAST(:millis AS bigint) * interval '1 millisecond',
                                        (SELECT create_time FROM jobs WHERE jobs.id = CAST(:id AS uuid))
                                        + CAST(:latest AS bigint) * interval '1 millisecond')
                                WHERE task_instance = :id AND NOT picked
                                """)
                        .addParam("id", id.toString())
                        .addParam("millis", millis)
                        .addParam("latest", latestMillis)
                        .execute()
                == 1;
    }

    private static String[] texts(List<Outcome> outcomes, Function<Outcome, String> field) {
        return outcomes.stream().map(field).toArray(String[]::new);
    }

    private static Long[] numbers(List<Outcome> outcomes, Function<Outcome, Number> field) {
        return outcomes.stream().map(field).map(Number::longValue).toArray(Long[]::new);
    }
}
