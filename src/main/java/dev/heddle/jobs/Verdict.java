package dev.heddle.jobs;

import com.google.rpc.Status;
import java.time.Duration;

/// What becomes of a job after an attempt.
sealed interface Verdict {
    /// It is done.
    ///
    /// @param result JSON
    record Succeeded(String result) implements Verdict {}

    /// No further attempt makes sense.
    record Failed(Status error) implements Verdict {}

    /// That was the last attempt.
    record Dead(Status error) implements Verdict {}

    /// It was cut off on request.
    ///
    /// @param error what it was cut off with
    record Cancelled(Status error) implements Verdict {}

    /// Another attempt after a pause.
    record Again(Status error, Duration pause) implements Verdict {}

    /// The same attempt anew, by whoever has room: the gateway could not make it, or stops.
    record Released(Duration pause) implements Verdict {}
}
