package dev.heddle.activity;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.heddle.db.Database;
import dev.heddle.jobs.JobContext;
import dev.heddle.jobs.JobHandler;
import dev.heddle.jobs.PayloadFields;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/// Counts the actions of an hour again, by the log, and repairs the counts that are too small. The
/// payload is `{"hour": "2026-01-31T15:00:00Z"}`, or empty for the hour before this one; the result
/// says the `hour` and how many counts were `repaired`.
public final class RollupHandler implements JobHandler {
    private static final String HOUR = "hour";
    private static final int LONGEST_TIME = 40;

    private final Database database;
    private final Clock clock;
    private final ActivityStore store = new ActivityStore();

    public RollupHandler(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /// Refuses other payloads.
    ///
    /// @throws dev.heddle.rpc.RpcException INVALID_ARGUMENT
    public void check(Struct payload) {
        var _ = hour(payload);
    }

    @Override
    public Struct run(Struct payload, JobContext context) {
        var hour = hour(payload);
        var repaired = database.transaction(db -> store.raiseCounts(db, hour));
        if (repaired > 0) {
            context.log("%d counts of %s were too small".formatted(repaired, hour));
        }
        return Struct.newBuilder()
                .putFields(HOUR, Value.newBuilder().setStringValue(hour.toString()).build())
                .putFields("repaired", Value.newBuilder().setNumberValue((double) repaired).build())
                .build();
    }

    private Instant hour(Struct payload) {
        var text = PayloadFields.of(payload, Set.of(HOUR)).textIfAny(HOUR, LONGEST_TIME);
        try {
            var time =
                    text.isEmpty()
                            ? clock.instant().minus(Duration.ofHours(1))
                            : Instant.parse(text);
            return time.truncatedTo(ChronoUnit.HOURS);
        } catch (DateTimeException _) {
            throw PayloadFields.invalid(
                    HOUR, "%s (expected: such as 2026-01-31T15:00:00Z)".formatted(text));
        }
    }
}
