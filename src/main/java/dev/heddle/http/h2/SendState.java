package dev.heddle.http.h2;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/// What the writer of a connection knows of one stream. Used under the writer's lock alone.
final class SendState {
    static final long NOT_STALLED = 0;

    final int streamId;
    int window;

    /// The response is complete.
    boolean ended;

    /// The stream was reset, by whichever side, or its connection is lost.
    boolean reset;

    /// The stream does not count as open any more.
    boolean closed;

    /// Nobody may wait here any more.
    boolean released;

    /// Made when somebody has to wait.
    @Nullable Condition wakeUp;

    /// Since when the part of the response that is being sent has been waiting.
    long stalledSince;

    SendState(int streamId, int window) {
        this.streamId = streamId;
        this.window = window;
    }

    /// How much longer to wait, in nanoseconds.
    long patience(Duration timeout) {
        var now = System.nanoTime();
        if (stalledSince == NOT_STALLED) {
            stalledSince = now | 1;
        }
        return stalledSince + timeout.toNanos() - now;
    }

    void signal() {
        if (wakeUp != null) {
            wakeUp.signal();
        }
    }
}
