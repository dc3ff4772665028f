package dev.heddle.jobs;

import dev.heddle.db.Row;
import dev.heddle.db.Times;
import dev.heddle.jobs.v1.LogLine;
import dev.heddle.jobs.v1.WatchJobResponse;
import io.helidon.dbclient.DbExecute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/// What handlers tell, in `jobs` and `job_lines`.
final class ReportStore {
    /// A report that was written.
    record Written(UUID id, boolean isWatched, WatchJobResponse.Report message) {}

    private record Place(int lines, boolean isWatched) {}

    /// Writes reports, each only if its runner has the job still.
    ///
    /// @param reports at most one of a job
    /// @return those of which it had, in their order
    List<Written> write(DbExecute db, List<Report> reports) {
        var places = update(db, reports);
        var written = new ArrayList<Written>();
        for (var report : reports) {
            var place = places.get(report.job().id());
            if (place != null) {
                written.add(
                        new Written(report.job().id(), place.isWatched(), message(report, place)));
            }
        }
        insert(db, written);
        return written;
    }

    private static Map<UUID, Place> update(DbExecute db, List<Report> reports) {
        var places = new HashMap<UUID, Place>();
        try (var rows =
                db.createNamedQuery(
                                "jobs.report",
                                """
                                UPDATE jobs
                                SET progress = new.progress, lines = lines + new.count
                                FROM unnest(CAST(:ids AS uuid[]), CAST(:types AS text[]),
                                            CAST(:fences AS bigint[]),
                                            CAST(:progress AS double precision[]),
                                            CAST(:counts AS integer[]))
                                       AS new (id, type, fence, progress, count)
                                JOIN scheduled_tasks
                                  ON task_instance = CAST(new.id AS text)
                                 AND task_name = new.type AND version = new.fence AND picked
                                WHERE jobs.id = new.id
                                RETURNING jobs.id, lines - new.count, CAST(watched AS integer)
                                """)
                        .addParam("ids", texts(reports.stream().map(each -> each.job().id())))
                        .addParam("types", texts(reports.stream().map(each -> each.job().type())))
                        .addParam(
                                "fences",
                                reports.stream()
                                        .map(each -> each.job().fence())
                                        .toArray(Long[]::new))
                        .addParam(
                                "progress",
                                reports.stream().map(Report::progress).toArray(Double[]::new))
                        .addParam(
                                "counts",
                                reports.stream()
                                        .map(each -> each.lines().size())
                                        .toArray(Integer[]::new))
                        .execute()) {
            rows.map(Row::of)
                    .forEach(row ->
                            places.put(
                                    UUID.fromString(row.text(1)),
                                    new Place((int) row.integer(2), row.integer(3) == 1)));
        }
        return places;
    }

    private static WatchJobResponse.Report message(Report report, Place place) {
        var message =
                WatchJobResponse.Report.newBuilder()
                        .setAttempt(report.job().attempt())
                        .setProgress(report.progress());
        var number = place.lines();
        for (var line : report.lines()) {
            message.addLines(
                    LogLine.newBuilder()
                            .setNumber(++number)
                            .setAttempt(report.job().attempt())
                            .setTime(line.time())
                            .setText(line.text()));
        }
        return message.build();
    }

    private static void insert(DbExecute db, List<Written> written) {
        var ids = new ArrayList<String>();
        var lines = new ArrayList<LogLine>();
        for (var each : written) {
            for (var line : each.message().getLinesList()) {
                ids.add(each.id().toString());
                lines.add(line);
            }
        }
        if (lines.isEmpty()) {
            return;
        }
        db.createNamedInsert(
                        "jobs.insert_lines",
                        """
                        INSERT INTO job_lines (job, number, attempt, time, text)
                        SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:numbers AS integer[]),
                                             CAST(:attempts AS integer[]),
                                             CAST(:times AS timestamptz[]), CAST(:texts AS text[]))
                        """)
                .addParam("ids", ids.toArray(String[]::new))
                .addParam("numbers", lines.stream().map(LogLine::getNumber).toArray(Integer[]::new))
                .addParam(
                        "attempts", lines.stream().map(LogLine::getAttempt).toArray(Integer[]::new))
                .addParam(
                        "times", texts(lines.stream().map(line -> Times.parameter(line.getTime()))))
                .addParam("texts", lines.stream().map(LogLine::getText).toArray(String[]::new))
                .execute();
    }

    private static String[] texts(Stream<?> values) {
        return values.map(Object::toString).toArray(String[]::new);
    }
}
