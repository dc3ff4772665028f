package dev.heddle.http.h2;

import dev.heddle.http.carrier.Settings;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/// When a connection is asked whether its peer is there, when it is wound up, and when it is cut.
final class Lifetime {
    /// How long the peer may take to see the first GOAWAY, and to close after the last.
    private static final Duration GRACE = Duration.ofSeconds(1);

    private static final int KEEP_ALIVE_PING = 0x48656464;
    private static final int DRAIN_PING = 0x6472616e;
    private static final long NEVER = Long.MAX_VALUE;

    private final Settings settings;
    private final Http2Settings http2;
    private final ConnectionWriter writer;
    private final Runnable abort;
    private final long start = System.nanoTime();
    private final long maxAgeNanos;
    private final long headerTimeoutNanos;
    private volatile long lastReceived = start;
    private volatile boolean settled;
    private volatile int lastOpened;
    private Phase phase = Phase.OPEN;
    private long phaseStart = start;
    private boolean pinged;
    private long pingedAt;
    private long idleSince = start;
    private int lastSeen;
    private boolean busy;
    private volatile int lastServed = Integer.MAX_VALUE;

    private enum Phase {
        OPEN,
        /// The peer was told that the connection will end.
        DRAINING,
        /// The peer was told which streams are the last.
        ENDING,
        /// All is written, and the peer has a moment to close.
        CLOSING
    }

    Lifetime(Settings settings, Http2Settings http2, ConnectionWriter writer, Runnable abort) {
        this.settings = settings;
        this.http2 = http2;
        this.writer = writer;
        this.abort = abort;
        this.headerTimeoutNanos = settings.headerTimeout().toNanos();
        var jitter = ThreadLocalRandom.current().nextDouble(0.9, 1.1);
        this.maxAgeNanos =
                http2.maxAge().isZero() ? NEVER : (long) (http2.maxAge().toNanos() * jitter);
    }

    /// Notes that the peer is there.
    void received() {
        lastReceived = System.nanoTime();
    }

    /// Notes that the peer has sent its first settings.
    void settled() {
        settled = true;
    }

    /// Notes a new stream.
    void opened(int streamId) {
        lastOpened = streamId;
    }

    /// Whether a new stream is still served; the peer knows that it isn't.
    boolean serves(int streamId) {
        return streamId <= lastServed;
    }

    void pong(int payload) {
        if (payload == DRAIN_PING) {
            end();
        }
    }

    /// Tells the peer that the connection will end; what it has sent before it sees that is served.
    synchronized void drain() {
        if (phase == Phase.OPEN) {
            enter(Phase.DRAINING);
            writer.goAway(Integer.MAX_VALUE, ErrorCode.NO_ERROR, "the server winds up");
            writer.control(frames -> frames.ping(DRAIN_PING, 0, false));
        }
    }

    private synchronized void end() {
        if (phase == Phase.DRAINING) {
            enter(Phase.ENDING);
            lastServed = lastOpened;
            writer.goAway(lastServed, ErrorCode.NO_ERROR, "the server winds up");
        }
    }

    /// Ends the connection for a fault of the peer.
    synchronized void fail(ConnectionException fault) {
        writer.goAway(lastOpened, fault.code(), String.valueOf(fault.getMessage()));
        writer.finish();
        enter(Phase.CLOSING);
    }

    /// Looks after the connection.
    ///
    /// @param isBusy whether it carries streams
    /// @param headersSince since when a header block is not complete, [HeaderBlock#NOT_OPEN] if
    ///   there is none
    synchronized void tick(long now, boolean isBusy, long headersSince) {
        if (isBusy || lastOpened != lastSeen) {
            lastSeen = lastOpened;
            idleSince = now;
        }
        busy = isBusy;
        var silence = Duration.ofNanos(now - lastReceived);
        var since = settled ? headersSince : start;
        var isLate = since != HeaderBlock.NOT_OPEN && now - since > headerTimeoutNanos;
        if (isLate || writer.isStalled(now) || peerIsLost(now, silence)) {
            abort.run();
            return;
        }
        switch (phase) {
            case OPEN -> {
                var idle = Duration.ofNanos(now - idleSince);
                if ((!busy && exceeds(idle, settings.idleTimeout())) || now - start > maxAgeNanos) {
                    drain();
                }
            }
            case DRAINING -> {
                if (now - phaseStart > GRACE.toNanos()) {
                    end();
                }
            }
            case ENDING -> {
                if (!busy) {
                    writer.finish();
                    enter(Phase.CLOSING);
                }
            }
            case CLOSING -> {
                if (now - phaseStart > GRACE.toNanos()) {
                    abort.run();
                }
            }
        }
        if (!busy && exceeds(silence, GRACE)) {
            writer.trim();
        }
    }

    private boolean peerIsLost(long now, Duration silence) {
        if (!busy || !exceeds(silence, http2.keepAlive())) {
            pinged = false;
            return false;
        }
        if (!pinged) {
            pinged = true;
            pingedAt = now;
            writer.control(frames -> frames.ping(KEEP_ALIVE_PING, 0, false));
        }
        return now - pingedAt > http2.keepAliveTimeout().toNanos();
    }

    private void enter(Phase next) {
        phase = next;
        phaseStart = System.nanoTime();
    }

    private static boolean exceeds(Duration time, Duration bound) {
        return time.compareTo(bound) > 0;
    }
}
