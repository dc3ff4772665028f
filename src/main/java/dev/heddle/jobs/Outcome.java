package dev.heddle.jobs;

import com.google.rpc.Status;
import dev.heddle.feed.Payloads;
import dev.heddle.jobs.v1.Job;
import java.time.Duration;

/// How an attempt went, as the ledger takes it.
///
/// @param runner who made it
record Outcome(Picked job, Verdict verdict, String runner) {
    Job.State state() {
        return switch (verdict) {
            case Verdict.Succeeded _ -> Job.State.SUCCEEDED;
            case Verdict.Failed _ -> Job.State.FAILED;
            case Verdict.Dead _ -> Job.State.DEAD;
            case Verdict.Cancelled _ -> Job.State.CANCELLED;
            case Verdict.Again _, Verdict.Released _ -> Job.State.PENDING;
        };
    }

    boolean isEnd() {
        return state() != Job.State.PENDING;
    }

    /// Whether it counts as an attempt.
    boolean isAttempt() {
        return !(verdict instanceof Verdict.Released);
    }

    /// JSON, or empty text.
    String result() {
        return verdict instanceof Verdict.Succeeded(var result) ? result : "";
    }

    /// JSON, or empty text.
    String error() {
        return switch (verdict) {
            case Verdict.Succeeded _, Verdict.Released _ -> "";
            case Verdict.Failed(var error) -> json(error);
            case Verdict.Dead(var error) -> json(error);
            case Verdict.Cancelled(var error) -> json(error);
            case Verdict.Again(var error, _) -> json(error);
        };
    }

    Duration pause() {
        return switch (verdict) {
            case Verdict.Again(_, var pause) -> pause;
            case Verdict.Released(var pause) -> pause;
            case Verdict.Succeeded _, Verdict.Failed _, Verdict.Dead _, Verdict.Cancelled _ ->
                    Duration.ZERO;
        };
    }

    /// Without the details, which are for programs that called.
    private static String json(Status error) {
        return Payloads.of(error.toBuilder().clearDetails().build());
    }
}
