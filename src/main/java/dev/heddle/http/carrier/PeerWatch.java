package dev.heddle.http.carrier;

import java.util.ArrayList;
import java.util.List;

/// What is to happen when the peer of one exchange goes away.
public final class PeerWatch {
    private final List<Runnable> actions = new ArrayList<>(1);
    private boolean gone;
    private boolean over;
    private volatile boolean wanted;

    /// Whether anybody wants to know.
    public boolean isWanted() {
        return wanted;
    }

    public void add(Runnable action) {
        synchronized (this) {
            if (!gone) {
                actions.add(action);
                wanted = true;
                return;
            }
        }
        action.run();
    }

    /// The response is complete: nobody wants to know any more.
    public synchronized void end() {
        over = true;
        wanted = false;
        actions.clear();
    }

    /// The peer has gone.
    public void fire() {
        List<Runnable> due;
        synchronized (this) {
            if (gone || over) {
                return;
            }
            gone = true;
            wanted = false;
            due = List.copyOf(actions);
            actions.clear();
        }
        due.forEach(Runnable::run);
    }
}
