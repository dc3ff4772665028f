package dev.heddle.feed;

import java.util.List;

/// What a replica knows of the end of the log, and who waits for more.
final class Tail {
    private final Settings settings;
    private final Rates rates;
    private final Waiters waiters = new Waiters();
    private volatile Ring ring;

    Tail(Settings settings, Token last, Rates rates) {
        this.settings = settings;
        this.rates = rates;
        this.ring = newRing(last);
    }

    /// The newest events: another object after [#replace].
    Ring ring() {
        return ring;
    }

    Waiters waiters() {
        return waiters;
    }

    /// A place up to which everybody has been woken for every event.
    Token settled() {
        return ring.settled();
    }

    /// Adds what follows, and wakes who waits for it.
    void append(List<FeedEvent> events) {
        ring.append(events);
        waiters.wake(events);
        ring.settle();
        rates.count(events);
    }

    /// Begins anew, because the log is not what it was: every reader has to look whether its place
    /// is still in it.
    void replace(Token last) {
        ring = newRing(last);
        waiters.wakeAll();
    }

    private Ring newRing(Token last) {
        return new Ring(settings.ringEvents(), settings.ringBytes(), last);
    }
}
