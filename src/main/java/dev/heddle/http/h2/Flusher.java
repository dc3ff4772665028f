package dev.heddle.http.h2;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.HelidonSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Writes frames to a socket: those that have gathered while it wrote go out at once. It has two
/// buffers, one that is being filled and one that is being written.
///
/// A thread of its own does that. While that is idle, another may do it in its place.
final class Flusher implements Runnable {
    private static final long NOT_WRITING = 0;

    private final HelidonSocket socket;
    private final ReentrantLock lock;
    private final Listener listener;
    private final Condition changed;
    private FrameBuffer filling = new FrameBuffer();
    private FrameBuffer writing = new FrameBuffer();
    private boolean idle;
    private boolean replaced;
    private boolean finishing;
    private boolean closed;
    private volatile long writingSince = NOT_WRITING;

    /// Whom it tells what has come to pass.
    interface Listener {
        /// The buffer is empty again. Called under the lock.
        void emptied();

        /// Nothing more is written. Called under the lock.
        void closed();

        /// The peer can't be written to any more.
        void failed();
    }

    /// @param lock held by whoever fills the buffer
    Flusher(HelidonSocket socket, ReentrantLock lock, Listener listener) {
        this.socket = socket;
        this.lock = lock;
        this.listener = listener;
        this.changed = lock.newCondition();
    }

    /// What is written next. Under the lock, as is its use.
    FrameBuffer buffer() {
        return filling;
    }

    /// Sees to it that what is in the buffer gets written. Under the lock.
    void wake() {
        if (idle) {
            idle = false;
            changed.signal();
        }
    }

    /// Lets the caller write in place of the thread. Under the lock.
    ///
    /// @return false if that is busy; otherwise the caller has to call [#writeInPlace], without the
    ///   lock
    boolean replace() {
        if (!idle || closed || Thread.currentThread().isInterrupted()) {
            return false;
        }
        idle = false;
        replaced = true;
        swap();
        return true;
    }

    /// Writes what [#replace] has taken.
    void writeInPlace() throws IOException {
        try {
            write();
        } catch (UncheckedIOException e) {
            close();
            listener.failed();
            throw e.getCause();
        } finally {
            handBack();
        }
    }

    private void handBack() {
        lock.lock();
        try {
            replaced = false;
            idle = true;
            if (filling.size() > 0 || finishing || closed) {
                wake();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Writes until it is finished or closed.
    @Override
    public void run() {
        try {
            while (awaitFrames()) {
                write();
            }
        } catch (UncheckedIOException _) {
            listener.failed();
        } finally {
            close();
        }
    }

    private boolean awaitFrames() {
        lock.lock();
        try {
            while (replaced || filling.size() == 0) {
                if (!replaced && (finishing || closed)) {
                    return false;
                }
                idle = !replaced;
                changed.awaitUninterruptibly();
            }
            if (closed) {
                return false;
            }
            swap();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void swap() {
        var full = filling;
        filling = writing;
        writing = full;
        listener.emptied();
    }

    private void write() {
        writingSince = System.nanoTime() | 1;
        socket.write(BufferData.createReadOnly(writing.bytes(), 0, writing.size()));
        writingSince = NOT_WRITING;
        writing.clear();
    }

    /// Whether the peer has taken longer than allowed for what is being written.
    boolean isStalled(long now, Duration timeout) {
        var since = writingSince;
        return since != NOT_WRITING && now - since > timeout.toNanos();
    }

    /// Gives back memory if there is nothing to write just now.
    void trim() {
        if (lock.tryLock()) {
            try {
                if (idle && filling.size() == 0) {
                    filling.trim();
                    writing.trim();
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /// Ends when all that is in the buffer is written.
    void finish() {
        lock.lock();
        try {
            finishing = true;
            wake();
        } finally {
            lock.unlock();
        }
    }

    /// Drops what is not written yet.
    void close() {
        lock.lock();
        try {
            closed = true;
            listener.closed();
            wake();
        } finally {
            lock.unlock();
        }
    }

    /// Whether nothing more is written. Under the lock.
    boolean isClosed() {
        return closed;
    }
}
