package dev.heddle.jobs;

import dev.heddle.feed.Feed;
import dev.heddle.feed.NewEvent;
import dev.heddle.feed.Payloads;
import dev.heddle.feed.Topics;
import dev.heddle.jobs.v1.Job;
import dev.heddle.jobs.v1.WatchJobResponse;
import java.util.UUID;

/// What happens to jobs that somebody watches, as events of the topic `jobs`, whose key is the
/// job's id. What happens to others is not published: it would cost more than the jobs themselves.
///
/// @param feed where it is published, within the transaction of the change
record JobEvents(Feed feed) {
    static final String REPORTED = "job.reported";
    static final String UPDATED = "job.updated";
    static final String ENDED = "job.ended";
    static final Topics TOPICS = Topics.of("jobs");

    private static final String TOPIC = "jobs";

    void reported(UUID id, WatchJobResponse.Report report) {
        feed.publish(new NewEvent(TOPIC, REPORTED, id.toString(), Payloads.of(report)));
    }

    /// @param job as it is now
    void changed(Job job) {
        var type = isEnded(job) ? ENDED : UPDATED;
        feed.publish(new NewEvent(TOPIC, type, job.getId(), Payloads.of(job)));
    }

    static boolean isEnded(Job job) {
        return switch (job.getState()) {
            case SUCCEEDED, FAILED, CANCELLED, DEAD -> true;
            case PENDING, RUNNING, STATE_UNSPECIFIED, UNRECOGNIZED -> false;
        };
    }
}
