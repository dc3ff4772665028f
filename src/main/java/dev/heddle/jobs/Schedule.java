package dev.heddle.jobs;

import com.github.kagkarlsson.scheduler.task.schedule.CronSchedule;
import com.github.kagkarlsson.scheduler.task.schedule.CronStyle;
import com.google.protobuf.Duration;
import dev.heddle.jobs.v1.Job;
import java.time.Instant;
import java.time.ZoneId;

/// A job that is enqueued again and again: one each time, however many gateways there are.
///
/// Times that pass while no gateway runs are not made up for, save the last.
///
/// @param name its name, which must stay what it is
/// @param cron when, as cron has it: minute, hour, day of month, month, day of week; with six
///   fields the first is the second
/// @param zone in whose time
/// @param job what to enqueue
public record Schedule(String name, String cron, ZoneId zone, Job job) {
    private static final int FIELDS_WITH_SECONDS = 6;
    private static final Duration DAY = Duration.newBuilder().setSeconds(86_400).build();

    public Schedule {
        try {
            var _ = times(cron, zone);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "schedule %s: \"%s\" (expected: a cron expression)".formatted(name, cron), e);
        }
    }

    CronSchedule times() {
        return times(cron, zone);
    }

    private static CronSchedule times(String cron, ZoneId zone) {
        var isWithSeconds = cron.strip().split("\\s+").length == FIELDS_WITH_SECONDS;
        return new CronSchedule(cron, zone, isWithSeconds ? CronStyle.SPRING53 : CronStyle.UNIX);
    }

    /// The job of one time, which is made once, though a gateway may be lost between making it and
    /// noting so.
    Job at(Instant time) {
        return job.toBuilder()
                .setUniqueKey("schedule:%s:%s".formatted(name, time))
                .setUniqueWindow(DAY)
                .build();
    }
}
