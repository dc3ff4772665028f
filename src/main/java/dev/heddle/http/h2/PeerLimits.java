package dev.heddle.http.h2;

import dev.heddle.http.carrier.Allowance;
import java.util.function.LongSupplier;

/// Tells a peer that uses a connection from one that only keeps it busy. Of one thread.
final class PeerLimits {
    private final Bound resets;
    private final Bound controlFrames;

    /// @param answered how many requests were answered in all
    /// @param dataSent how much data was sent in all: that and every answer excuse a frame that
    ///   carries nothing, for clients ping while they receive, to measure the way
    PeerLimits(Http2Settings settings, LongSupplier answered, LongSupplier dataSent) {
        this.resets = new Bound("streams reset", settings.maxResets(), answered);
        this.controlFrames =
                new Bound(
                        "frames that carry nothing",
                        settings.maxControlFrames(),
                        () -> answered.getAsLong() + dataSent.getAsLong());
    }

    /// Notes that a stream was reset before it was answered, by the peer or for its fault.
    void reset() throws ConnectionException {
        resets.take();
    }

    /// Notes a frame that carries nothing.
    void controlFrame() throws ConnectionException {
        controlFrames.take();
    }

    /// An allowance that grows with the work that was done.
    private static final class Bound {
        private final String what;
        private final int perSecond;
        private final LongSupplier work;
        private final Allowance allowance;
        private long counted;

        Bound(String what, int perSecond, LongSupplier work) {
            this.what = what;
            this.perSecond = perSecond;
            this.work = work;
            this.allowance = new Allowance(perSecond, System.nanoTime());
        }

        void take() throws ConnectionException {
            if (allowance.take(System.nanoTime())) {
                return;
            }
            var done = work.getAsLong();
            var earned = Math.min(perSecond, done - counted);
            counted = done;
            allowance.earn((int) earned);
            if (earned == 0) {
                throw new ConnectionException(
                        ErrorCode.ENHANCE_YOUR_CALM,
                        "more than %d %s in a second".formatted(perSecond, what));
            }
        }
    }
}
