package dev.heddle.source;

/// Requests beyond those that were asked for: each that is asked for earns a part of one. So a
/// source that is down, and all of whose requests are worth another try, gets a tenth more of them
/// and not three times as many.
final class Budget {
    private static final int WHOLE = 100;

    /// What a quiet source may have at once.
    private static final int MOST = 10 * WHOLE;

    private final int percent;
    private int saved = MOST;

    Budget(int percent) {
        this.percent = percent;
        if (percent == 0) {
            saved = 0;
        }
    }

    synchronized void earn() {
        saved = Math.min(saved + percent, MOST);
    }

    synchronized boolean tryTake() {
        if (saved < WHOLE) {
            return false;
        }
        saved -= WHOLE;
        return true;
    }
}
