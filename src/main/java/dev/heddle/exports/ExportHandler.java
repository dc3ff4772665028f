package dev.heddle.exports;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.heddle.db.Condition;
import dev.heddle.db.Database;
import dev.heddle.files.FileDraft;
import dev.heddle.files.FileDrafts;
import dev.heddle.jobs.JobContext;
import dev.heddle.jobs.JobHandler;
import dev.heddle.jobs.PayloadFields;
import dev.heddle.rpc.RpcException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Writes users or orders into a file of CSV. The payload is `{"collection": "users", "filter":
/// "…"}`, the latter if any; the result `{"file": "…", "rows": 42}`.
///
/// An attempt that is cut off leaves no file, unless its gateway was lost between making the file
/// and saying so: then there is one more, which goes with its time.
public final class ExportHandler implements JobHandler {
    private static final String COLLECTION = "collection";
    private static final String FILTER = "filter";
    private static final int LONGEST_NAME = 100;
    private static final int LONGEST_FILTER = 4096;

    /// Enough for a statement to cost little a row, few enough to be held in memory.
    private static final int ROWS_A_PAGE = 1000;

    private final Database database;
    private final FileDrafts drafts;
    private final Settings settings;
    private final Clock clock;
    private final Map<String, Table<?>> tables = Table.all();

    /// What becomes of the files.
    ///
    /// @param ttl how long they are kept; at least 1 min, default 7 days; key `export.ttl`
    public record Settings(Duration ttl) {
        /// The defaults.
        public static final Settings DEFAULT = new Settings(Duration.ofDays(7));

        public Settings {
            if (ttl.toMinutes() < 1) {
                throw new IllegalArgumentException(
                        "export.ttl: %s (expected: >= 1 min)".formatted(ttl));
            }
        }
    }

    public ExportHandler(Database database, FileDrafts drafts, Settings settings, Clock clock) {
        this.database = database;
        this.drafts = drafts;
        this.settings = settings;
        this.clock = clock;
    }

    /// What who asks for an export must hold: it has what is everybody's.
    ///
    /// @throws RpcException INVALID_ARGUMENT
    public String scope(Struct payload) {
        return table(payload).scope();
    }

    /// Refuses other payloads.
    ///
    /// @throws RpcException INVALID_ARGUMENT
    public void check(Struct payload) {
        var _ = filter(table(payload), payload);
    }

    @Override
    public Struct run(Struct payload, JobContext context) {
        var name = fields(payload).text(COLLECTION, LONGEST_NAME);
        return export(name, table(payload), payload, context);
    }

    private <T> Struct export(String name, Table<T> table, Struct payload, JobContext context) {
        var filter = filter(table, payload);
        var fileName = "%s-%s.csv".formatted(name, LocalDate.now(clock));
        try (var draft =
                drafts.begin(
                        fileName,
                        "text/csv; charset=utf-8; header=present",
                        context.creator(),
                        settings.ttl())) {
            var rows = write(table, filter, draft, context);
            var file = draft.keep();
            context.log("%d rows, %d bytes".formatted(rows, file.getSize()));
            return Struct.newBuilder()
                    .putFields("file", Value.newBuilder().setStringValue(file.getId()).build())
                    .putFields("rows", Value.newBuilder().setNumberValue((double) rows).build())
                    .build();
        }
    }

    private <T> long write(Table<T> table, Condition filter, FileDraft draft, JobContext context) {
        var total = database.plain(db -> table.walk().count(db, filter));
        draft.write(table.header());
        var rows = 0L;
        List<String> place = List.of();
        while (true) {
            context.check();
            var from = place;
            var page = database.plain(db -> table.walk().behind(db, filter, from, ROWS_A_PAGE));
            draft.write(table.rows(page));
            rows += page.size();
            if (page.size() < ROWS_A_PAGE) {
                return rows;
            }
            place = page.getLast().position();
            context.progress(Math.min(1, (double) rows / total));
        }
    }

    private Table<?> table(Struct payload) {
        return Optional.ofNullable(tables.get(fields(payload).text(COLLECTION, LONGEST_NAME)))
                .orElseThrow(() ->
                        PayloadFields.invalid(
                                COLLECTION,
                                "expected: one of "
                                        + String.join(
                                                ", ", tables.keySet().stream().sorted().toList())));
    }

    private static Condition filter(Table<?> table, Struct payload) {
        return table.walk().filter(fields(payload).textIfAny(FILTER, LONGEST_FILTER));
    }

    private static PayloadFields fields(Struct payload) {
        return PayloadFields.of(payload, Set.of(COLLECTION, FILTER));
    }
}
