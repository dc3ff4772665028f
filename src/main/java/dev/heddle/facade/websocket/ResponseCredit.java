package dev.heddle.facade.websocket;

import dev.heddle.rpc.Call;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// How many messages the client wants to get at present.
final class ResponseCredit {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final boolean isCounted;
    private long left;

    private ResponseCredit(boolean isCounted, long left) {
        this.isCounted = isCounted;
        this.left = left;
    }

    /// For a client that leaves the flow to the connection.
    static ResponseCredit uncounted() {
        return new ResponseCredit(false, 0);
    }

    static ResponseCredit of(int initial) {
        return new ResponseCredit(true, initial);
    }

    void add(int credit) throws Violation {
        if (credit < 1) {
            throw Violation.badEnvelope("credit: %d (expected: >= 1)".formatted(credit));
        }
        lock.lock();
        try {
            if (isCounted && left + credit > Integer.MAX_VALUE) {
                throw Violation.badEnvelope(
                        "credit: %d in all (expected: <= %d)"
                                .formatted(left + credit, Integer.MAX_VALUE));
            }
            left += credit;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Takes credit for a message, and waits for it if there is none.
    ///
    /// @throws dev.heddle.rpc.RpcException if the call is cancelled
    void take(Call call) {
        if (!isCounted) {
            return;
        }
        lock.lock();
        try {
            while (left == 0 && !call.isCancelled()) {
                changed.awaitUninterruptibly();
            }
            call.check();
            left--;
        } finally {
            lock.unlock();
        }
    }

    /// Takes credit for a message if there is any.
    boolean tryTake() {
        if (!isCounted) {
            return true;
        }
        lock.lock();
        try {
            var isLeft = left > 0;
            left -= isLeft ? 1 : 0;
            return isLeft;
        } finally {
            lock.unlock();
        }
    }

    /// Has a handler that waits look whether its call was cancelled.
    void wake() {
        lock.lock();
        try {
            changed.signal();
        } finally {
            lock.unlock();
        }
    }
}
