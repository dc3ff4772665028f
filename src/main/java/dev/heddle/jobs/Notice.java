package dev.heddle.jobs;

/// What gateways tell each other by `NOTIFY heddle_jobs`, besides the id of a job that is to be
/// cancelled. A notice that is lost costs time alone.
final class Notice {
    static final String CHANNEL = "heddle_jobs";

    /// Jobs are due that the sender has no room for.
    static final String DUE = "due";

    private Notice() {}
}
