package dev.heddle.facade.http;

import dev.heddle.rpc.Call;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// What a handler has sent and the peer has not been sent yet: the handler's thread fills it, the
/// exchange's thread empties it. It holds [#CAPACITY] bytes and what is put then at most; beyond
/// that the handler waits. While there is nothing to hold it takes no room.
///
/// A message that comes after a pause is handed over at once. Messages that follow each other
/// closely are handed over together, every [#GATHERING] or every half [#CAPACITY], whichever comes
/// first: so no message waits noticeably, and a million rows aren't a million packets.
final class ResponsePipe {
    private static final int CAPACITY = 64 * 1024;
    private static final int ENOUGH = CAPACITY / 2;
    private static final long GATHERING_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    /// Beyond this a buffer that a large message needed isn't kept for the small ones.
    private static final int MAX_KEPT = 4 * CAPACITY;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition readable = lock.newCondition();
    private final Condition writable = lock.newCondition();
    private ByteArrayOutputStream filling = new ByteArrayOutputStream(0);
    private ByteArrayOutputStream emptied = new ByteArrayOutputStream(0);
    private boolean isIdle = true;
    private Optional<Batch.End> end = Optional.empty();
    private long lastTakenNanos = System.nanoTime() - GATHERING_NANOS;

    /// What the exchange's thread finds.
    sealed interface Batch {
        /// Bytes to send; to be used before the next [#take].
        record Data(ByteArrayOutputStream bytes) implements Batch {}

        /// Nothing has come for as long as the caller wanted to wait.
        record Silence() implements Batch {}

        /// Nothing more will come.
        ///
        /// @param failure why the call failed; empty where it ended well
        record End(Optional<RpcException> failure) implements Batch {}
    }

    /// Takes the bytes of one message or more, once there is room.
    ///
    /// @throws RpcException if the call is cancelled
    void put(ByteArrayOutputStream message, Call call) {
        lock.lock();
        try {
            while (filling.size() >= CAPACITY && end.isEmpty()) {
                writable.awaitUninterruptibly();
            }
            if (end.isPresent()) {
                call.check();
                throw new RpcException(Code.CANCELLED, "the response has ended");
            }
            isIdle = false;
            var before = filling.size();
            message.writeTo(filling);
            if (before == 0 || (before < ENOUGH && filling.size() >= ENOUGH)) {
                readable.signal();
            }
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        } finally {
            lock.unlock();
        }
    }

    /// Says that nothing more comes; without effect if that was said before.
    void end(Optional<RpcException> failure) {
        lock.lock();
        try {
            if (end.isEmpty()) {
                end = Optional.of(new Batch.End(failure));
                readable.signal();
                writable.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits for what comes next. What was put before the end comes before the end.
    ///
    /// @param patience how long to wait for it
    Batch take(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            if (filling.size() == 0) {
                becomeIdle();
            }
            awaitFirst(patience.toNanos());
            if (filling.size() > 0) {
                awaitMore();
                return new Batch.Data(swap());
            }
            return end.<Batch>map(ended -> ended).orElseGet(Batch.Silence::new);
        } finally {
            lock.unlock();
        }
    }

    /// Gives the buffers back: most streams are silent most of the time.
    private void becomeIdle() {
        if (!isIdle) {
            isIdle = true;
            filling = new ByteArrayOutputStream(0);
            emptied = new ByteArrayOutputStream(0);
        }
    }

    private void awaitFirst(long patienceNanos) throws InterruptedException {
        var left = patienceNanos;
        while (filling.size() == 0 && end.isEmpty() && left > 0) {
            left = readable.awaitNanos(left);
        }
    }

    private void awaitMore() throws InterruptedException {
        var left = lastTakenNanos + GATHERING_NANOS - System.nanoTime();
        while (filling.size() < ENOUGH && end.isEmpty() && left > 0) {
            left = readable.awaitNanos(left);
        }
        lastTakenNanos = System.nanoTime();
    }

    private ByteArrayOutputStream swap() {
        var full = filling;
        filling = emptied.size() > MAX_KEPT ? new ByteArrayOutputStream(0) : emptied;
        filling.reset();
        emptied = full;
        writable.signal();
        return full;
    }
}
