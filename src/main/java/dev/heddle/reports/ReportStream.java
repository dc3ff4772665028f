package dev.heddle.reports;

import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import dev.heddle.async.Gather;
import dev.heddle.async.Outcome;
import dev.heddle.async.Part;
import dev.heddle.db.Database;
import dev.heddle.db.SharedSnapshot;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.RpcException;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/// Sends a report section by section. Its queries run ahead of what was sent, so many at once; who
/// reads slowly holds up those that have not begun.
final class ReportStream {
    private final Database database;
    private final Clock clock;
    private final int parallelism;
    private final ReportStore store = new ReportStore();

    /// @param parallelism how many queries of a report run at once
    ReportStream(Database database, Clock clock, int parallelism) {
        this.database = database;
        this.clock = clock;
        this.parallelism = parallelism;
    }

    /// Sends a report.
    ///
    /// @throws RpcException why a section could not be had, after its reader was told
    void send(Kind kind, Outbound<HttpBody> out) {
        var sections = store.sections(kind);
        var complete =
                database.sharedSnapshot(snapshot -> {
                    out.send(
                            body(Html.start(kind, sections, clock.instant())).toBuilder()
                                    .setContentType(Html.CONTENT_TYPE)
                                    .build());
                    sendSections(snapshot, sections, out);
                    return body(Html.end());
                });
        out.send(complete);
    }

    private void sendSections(
            SharedSnapshot snapshot, List<Section> sections, Outbound<HttpBody> out) {
        var ahead = new ArrayDeque<Part<List<List<String>>>>();
        try (var gather = Gather.open()) {
            for (var number = 1; number <= sections.size(); number++) {
                while (ahead.size() < parallelism && number + ahead.size() <= sections.size()) {
                    var next = sections.get(number + ahead.size() - 1);
                    ahead.add(gather.fork("report", () -> read(snapshot, next)));
                }
                out.send(body(section(number, sections.get(number - 1), ahead, out)));
            }
        }
    }

    private List<List<String>> read(SharedSnapshot snapshot, Section section) {
        return snapshot.read(db -> store.rows(db, section));
    }

    private static String section(
            int number,
            Section section,
            Queue<Part<List<List<String>>>> ahead,
            Outbound<HttpBody> out) {
        return switch (ahead.remove().outcome()) {
            case Outcome.Success<List<List<String>>> rows ->
                    Html.section(number, section, rows.value());
            case Outcome.Failure<List<List<String>>> failure -> {
                out.send(body(Html.failure(number, section, failure.reason().message())));
                throw failure.reason();
            }
        };
    }

    private static HttpBody body(String html) {
        return HttpBody.newBuilder().setData(ByteString.copyFromUtf8(html)).build();
    }
}
