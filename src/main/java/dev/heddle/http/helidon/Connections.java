package dev.heddle.http.helidon;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// How many connections are open, in all and from each peer.
final class Connections {
    private final int maxPerPeer;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<String, Integer> byPeer = new ConcurrentHashMap<>();

    Connections(int maxPerPeer) {
        this.maxPerPeer = maxPerPeer;
    }

    /// Notes that a connection was opened.
    ///
    /// @return false if its peer has as many as it may already
    boolean enter(String peer) {
        var count = byPeer.merge(peer, 1, Integer::sum);
        open.incrementAndGet();
        if (count > maxPerPeer) {
            leave(peer);
            return false;
        }
        return true;
    }

    /// Notes that a connection has ended.
    void leave(String peer) {
        open.decrementAndGet();
        byPeer.computeIfPresent(peer, (_, count) -> count == 1 ? null : count - 1);
    }

    int open() {
        return open.get();
    }
}
