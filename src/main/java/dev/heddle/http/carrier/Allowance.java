package dev.heddle.http.carrier;

/// How often a peer may do something that is cheap for it and of no use: so many times a second, or
/// more if the connection carries data meanwhile.
public final class Allowance {
    private static final double NANOS = 1e9;

    private final int perSecond;
    private double left;
    private long lastNanos;

    public Allowance(int perSecond, long now) {
        this.perSecond = perSecond;
        this.left = perSecond;
        this.lastNanos = now;
    }

    /// Takes one.
    ///
    /// @param now the current [System#nanoTime]
    /// @return false if there is none left
    public boolean take(long now) {
        left = Math.min(perSecond, left + (now - lastNanos) / NANOS * perSecond);
        lastNanos = now;
        left--;
        return left >= 0;
    }

    /// Adds some for work that was done.
    public void earn(int count) {
        left = Math.min(perSecond, left + count);
    }
}
