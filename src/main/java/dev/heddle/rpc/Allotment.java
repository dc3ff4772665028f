package dev.heddle.rpc;

/// So many of something a minute, all of them at once if need be.
final class Allotment {
    private static final double MINUTE = 60e9;

    private final int perMinute;
    private double left;
    private long lastNanos;
    private boolean begun;
    private long refused;

    Allotment(int perMinute) {
        this.perMinute = perMinute;
        this.left = perMinute;
    }

    /// Takes one.
    ///
    /// @param now the current [System#nanoTime]
    /// @return false if there is none left
    synchronized boolean take(long now) {
        if (begun) {
            left = Math.min(perMinute, left + (now - lastNanos) / MINUTE * perMinute);
        }
        begun = true;
        lastNanos = now;
        if (left < 1) {
            refused++;
            return false;
        }
        left--;
        return true;
    }

    /// How many were refused since this was last asked.
    synchronized long takeRefused() {
        var count = refused;
        refused = 0;
        return count;
    }
}
