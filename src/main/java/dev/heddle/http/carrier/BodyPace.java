package dev.heddle.http.carrier;

import dev.heddle.http.BodyTimeoutException;
import java.time.Duration;

/// How fast the body of a request has to come, so that a peer can't hold a connection by sending a
/// byte now and then. It has a first pause for nothing, and then each byte buys time to wait. Only
/// the time in which somebody waits for the body counts. Of the thread that reads.
public final class BodyPace {
    private static final double NANOS = 1e9;

    private int minRate;
    private long waitedNanos;

    /// @param minRate in bytes a second; 0: any
    public BodyPace(int minRate) {
        this.minRate = minRate;
    }

    /// Lets the body come as slowly as it likes.
    public void lift() {
        minRate = 0;
    }

    /// How long the next wait may be; it may be over already.
    ///
    /// @param pause how long it may be at most
    /// @param received how many bytes came so far
    public Duration patience(Duration pause, long received) {
        if (minRate == 0) {
            return pause;
        }
        var left = pause.toNanos() - waitedNanos + NANOS * received / minRate;
        return left < pause.toNanos() ? Duration.ofNanos((long) left) : pause;
    }

    /// Notes a wait.
    public void waited(long nanos) {
        waitedNanos += nanos;
    }

    /// What to throw when a wait was in vain.
    ///
    /// @param pause how long it could have been at most
    /// @param patience how long it was allowed to be
    public BodyTimeoutException timeout(Duration pause, Duration patience) {
        return patience.compareTo(pause) < 0
                ? BodyTimeoutException.tooSlow(minRate)
                : new BodyTimeoutException(pause);
    }
}
