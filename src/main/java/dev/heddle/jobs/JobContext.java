package dev.heddle.jobs;

import java.time.Duration;

/// What a handler knows of its attempt and tells of it. Safe for use by many threads.
public interface JobContext {
    /// The job's id, the same in each attempt: a key for what must happen once.
    String id();

    /// Who asked for the job, and gets what comes of it; empty: the gateway.
    String creator();

    /// The attempt, which counts from 1.
    int attempt();

    /// Whether the job is given up if this attempt fails.
    boolean isLastAttempt();

    /// Grows with each attempt of a job. Who keeps the largest that they have seen can refuse a
    /// handler whose job has gone to another gateway, while it was thought dead.
    long fencingToken();

    /// How long the attempt may still take; never negative.
    Duration remaining();

    /// Tells how much of the work is done. Costs nothing to call often: what is told last is
    /// written, a few times a second.
    ///
    /// @param fraction 0 to 1
    void progress(double fraction);

    /// Writes a line for those who look at the job; see `jobs.max-lines`.
    ///
    /// @param text cut to 1,000 characters
    void log(String text);

    /// Whether nobody wants the attempt to go on. Then the handler's thread has been interrupted,
    /// and its statements and requests are being cancelled.
    boolean isCancelled();

    /// Throws if nobody wants the attempt to go on, for handlers that compute.
    ///
    /// @throws dev.heddle.rpc.RpcException why
    void check();
}
