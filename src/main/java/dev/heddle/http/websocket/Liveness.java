package dev.heddle.http.websocket;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/// Whether the peer gives signs of life.
final class Liveness {
    private final Duration interval;
    private final Duration timeout;
    private final AtomicReference<State> state = new AtomicReference<>(State.HEARD);
    private volatile long received = System.nanoTime();
    private volatile long asked;

    private enum State {
        HEARD,
        ASKING,
        ASKED
    }

    /// What is to be done about it.
    enum Due {
        NOTHING,
        /// It was silent for long: it has to be asked.
        PING,
        /// It was asked, and does not answer.
        CUT
    }

    Liveness(Duration interval, Duration timeout) {
        this.interval = interval;
        this.timeout = timeout;
    }

    /// Notes that something came, whatever it was.
    void heard() {
        received = System.nanoTime();
        if (state.get() != State.HEARD) {
            state.set(State.HEARD);
        }
    }

    /// Notes that the ping was sent: the time for an answer, which may have come already, runs from
    /// here.
    void asked() {
        asked = System.nanoTime();
        state.compareAndSet(State.ASKING, State.ASKED);
    }

    /// Asks for a ping once.
    Due check(long now) {
        return switch (state.get()) {
            case HEARD -> {
                if (now - received <= interval.toNanos()) {
                    yield Due.NOTHING;
                }
                yield state.compareAndSet(State.HEARD, State.ASKING) ? Due.PING : Due.NOTHING;
            }
            case ASKING -> Due.NOTHING;
            case ASKED -> now - asked > timeout.toNanos() ? Due.CUT : Due.NOTHING;
        };
    }
}
