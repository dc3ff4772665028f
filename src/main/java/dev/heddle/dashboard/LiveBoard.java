package dev.heddle.dashboard;

import dev.heddle.async.Debounce;
import dev.heddle.feed.Feed;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The newest dashboard, for all who watch it: while there is anybody it is computed anew after
/// changes, once for all of them, and otherwise not at all.
///
/// There is no queue: who comes late finds the newest.
final class LiveBoard {
    private final Feed feed;
    private final Boards boards;
    private final Debounce.Settings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int watchers;
    private Optional<Refresh> refresh = Optional.empty();
    private Optional<Board> newest = Optional.empty();

    LiveBoard(Feed feed, Boards boards, Debounce.Settings settings) {
        this.feed = feed;
        this.boards = boards;
        this.settings = settings;
    }

    /// Somebody who watches, until it is closed. To be used by one thread, save [#stop].
    final class Watcher implements AutoCloseable {
        private boolean isStopping;

        private Watcher() {}

        /// A dashboard newer than one that is known; waits for it.
        ///
        /// @param known the number of that
        /// @return empty if there was none within the time, or the watcher was stopped
        Optional<Board> next(long known, Duration patience) throws InterruptedException {
            lock.lock();
            try {
                var left = patience.toNanos();
                while (!isStopping && left > 0) {
                    var newer = newest.filter(board -> board.number() > known);
                    if (newer.isPresent()) {
                        return newer;
                    }
                    left = changed.awaitNanos(left);
                }
                return Optional.empty();
            } finally {
                lock.unlock();
            }
        }

        /// Ends its waiting, from any thread.
        void stop() {
            lock.lock();
            try {
                isStopping = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        boolean isStopping() {
            lock.lock();
            try {
                return isStopping;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            leave();
        }
    }

    /// One watcher more, who is told of all that changes from now on.
    ///
    /// @throws dev.heddle.rpc.RpcException UNAVAILABLE if the database is needed and not there
    Watcher join() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            if (watchers == 0) {
                refresh = Optional.of(Refresh.start(feed, settings, () -> tell(boards.current())));
            }
            watchers++;
            return new Watcher();
        } finally {
            lock.unlock();
        }
    }

    int watchers() {
        lock.lock();
        try {
            return watchers;
        } finally {
            lock.unlock();
        }
    }

    private void leave() {
        // without the lock, which its last action may be waiting for
        left().ifPresent(Refresh::close);
    }

    /// One watcher less.
    ///
    /// @return what has to end with the last
    private Optional<Refresh> left() {
        lock.lock();
        try {
            watchers--;
            if (watchers > 0) {
                return Optional.empty();
            }
            var ending = refresh;
            refresh = Optional.empty();
            newest = Optional.empty();
            return ending;
        } finally {
            lock.unlock();
        }
    }

    private void tell(Board board) {
        lock.lock();
        try {
            if (newest.filter(known -> known.number() >= board.number()).isEmpty()) {
                newest = Optional.of(board);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }
}
