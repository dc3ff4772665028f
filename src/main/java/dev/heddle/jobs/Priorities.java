package dev.heddle.jobs;

import com.github.kagkarlsson.scheduler.task.Priority;
import dev.heddle.jobs.v1.Job;

/// Priorities, as the database orders them: with db-scheduler's numbers.
final class Priorities {
    private Priorities() {}

    static int stored(Job.Priority priority) {
        return switch (priority) {
            case LOW -> Priority.LOW;
            case HIGH -> Priority.HIGH;
            case NORMAL, PRIORITY_UNSPECIFIED, UNRECOGNIZED -> Priority.MEDIUM;
        };
    }

    static Job.Priority of(int stored) {
        return switch (stored) {
            case Priority.LOW -> Job.Priority.LOW;
            case Priority.HIGH -> Job.Priority.HIGH;
            default -> Job.Priority.NORMAL;
        };
    }
}
