package dev.heddle.rpc;

import java.util.LinkedHashSet;
import java.util.Set;

/// What is to be done once something happens: each action on a thread of its own, at once if it has
/// happened already.
final class Actions {
    private final Set<Runnable> waiting = new LinkedHashSet<>();
    private boolean fired;

    /// Has an action wait for it.
    ///
    /// @return takes the action back if it has not begun
    synchronized Task.Registration add(Runnable action) {
        if (fired) {
            Thread.startVirtualThread(action);
            return () -> {};
        }
        waiting.add(action);
        return () -> remove(action);
    }

    /// It has happened.
    ///
    /// @return whether any action waited for it
    synchronized boolean fire() {
        fired = true;
        var any = !waiting.isEmpty();
        waiting.forEach(Thread::startVirtualThread);
        waiting.clear();
        return any;
    }

    private synchronized void remove(Runnable action) {
        waiting.remove(action);
    }
}
