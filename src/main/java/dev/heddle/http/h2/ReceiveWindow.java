package dev.heddle.http.h2;

/// How much the peer may send, of a stream or of a connection. What was used is given back in
/// batches.
final class ReceiveWindow {
    private final int size;
    private int open;
    private int used;

    /// @param size what the peer was told in the beginning, in bytes
    ReceiveWindow(int size) {
        this.size = size;
        this.open = size;
    }

    /// Takes what has arrived.
    ///
    /// @return false if that is more than the peer was allowed to send
    synchronized boolean take(int count) {
        open -= count;
        return open >= 0;
    }

    /// Gives back what was used.
    ///
    /// @return by how much to update the peer now, which may be nothing
    synchronized int giveBack(int count) {
        used += count;
        if (used < size / 2) {
            return 0;
        }
        var update = used;
        used = 0;
        open += update;
        return update;
    }
}
