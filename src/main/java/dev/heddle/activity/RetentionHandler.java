package dev.heddle.activity;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.heddle.db.Database;
import dev.heddle.db.Ids;
import dev.heddle.jobs.JobContext;
import dev.heddle.jobs.JobHandler;
import dev.heddle.jobs.PayloadFields;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;

/// Removes old actions from the log, some at a time; their counts stay. The payload is empty, the
/// result how many were `deleted`.
public final class RetentionHandler implements JobHandler {
    private static final int BATCH = 1000;

    private final Database database;
    private final Settings settings;
    private final Clock clock;
    private final ActivityStore store = new ActivityStore();

    /// What is kept.
    ///
    /// @param retention how long an action stays in the log; at least 1 h, default 90 days; key
    ///   `activity.retention`
    public record Settings(Duration retention) {
        /// The defaults.
        public static final Settings DEFAULT = new Settings(Duration.ofDays(90));

        public Settings {
            if (retention.toHours() < 1) {
                throw new IllegalArgumentException(
                        "activity.retention: %s (expected: >= 1 h)".formatted(retention));
            }
        }
    }

    public RetentionHandler(Database database, Settings settings, Clock clock) {
        this.database = database;
        this.settings = settings;
        this.clock = clock;
    }

    /// Refuses other payloads.
    ///
    /// @throws dev.heddle.rpc.RpcException INVALID_ARGUMENT
    public static void check(Struct payload) {
        var _ = PayloadFields.of(payload, Set.of());
    }

    @Override
    public Struct run(Struct payload, JobContext context) {
        var before = Ids.from(clock.instant().minus(settings.retention()));
        var deleted = 0L;
        long batch = BATCH;
        while (batch == BATCH) {
            context.check();
            batch = database.transaction(db -> store.deleteBefore(db, before, BATCH));
            deleted += batch;
        }
        return Struct.newBuilder()
                .putFields("deleted", Value.newBuilder().setNumberValue((double) deleted).build())
                .build();
    }
}
