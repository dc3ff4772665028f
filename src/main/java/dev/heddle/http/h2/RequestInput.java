package dev.heddle.http.h2;

import dev.heddle.http.BodyTimeoutException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The bytes of one request that wait for its handler, in a ring that grows up to the stream's
/// window and no further.
final class RequestInput {
    private static final byte[] NOTHING = new byte[0];
    private static final int SMALLEST = 64;

    private final int window;
    private byte[] ring = NOTHING;
    private int start;
    private int size;
    private boolean ended;
    private boolean released;
    private @Nullable String failure;

    /// @param window the most that is ever put and not yet taken, in bytes
    RequestInput(int window) {
        this.window = window;
    }

    /// Adds bytes.
    ///
    /// @return false if nobody reads any more, and the bytes were dropped
    synchronized boolean put(byte[] source, int offset, int length) {
        if (failure != null) {
            return false;
        }
        grow(size + length);
        var end = (start + size) % ring.length;
        var first = Math.min(length, ring.length - end);
        System.arraycopy(source, offset, ring, end, first);
        System.arraycopy(source, offset + first, ring, 0, length - first);
        size += length;
        notifyAll();
        return true;
    }

    /// Nothing more comes.
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    /// Nothing more can be had, what is here included.
    synchronized void fail(String reason) {
        if (failure == null) {
            failure = reason;
            notifyAll();
        }
    }

    /// From now on nobody waits here.
    synchronized void release() {
        released = true;
        notifyAll();
    }

    /// Drops what is here and what still comes.
    ///
    /// @return how many bytes were here
    synchronized int discard() {
        var dropped = size;
        size = 0;
        ring = NOTHING;
        if (failure == null) {
            failure = "the exchange is over";
        }
        return dropped;
    }

    /// Waits for bytes and takes some.
    ///
    /// @return how many, -1 at the end
    synchronized int take(byte[] target, int offset, int length, Duration patience)
            throws IOException {
        if (size == 0 && !ended) {
            await(patience);
        }
        if (failure != null) {
            throw new IOException(failure);
        }
        if (size == 0) {
            return -1;
        }
        var count = Math.min(length, size);
        var first = Math.min(count, ring.length - start);
        System.arraycopy(ring, start, target, offset, first);
        System.arraycopy(ring, 0, target, offset + first, count - first);
        size -= count;
        start = size == 0 ? 0 : (start + count) % ring.length;
        return count;
    }

    private void await(Duration patience) throws IOException {
        var end = System.nanoTime() + patience.toNanos();
        while (size == 0 && !ended && failure == null) {
            if (released) {
                throw new InterruptedIOException("no more waiting for the request");
            }
            var left = end - System.nanoTime();
            if (left <= 0) {
                throw new BodyTimeoutException(patience);
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while reading");
            }
        }
    }

    private void grow(int needed) {
        if (needed <= ring.length) {
            return;
        }
        var target =
                new byte[Math.min(window, Math.max(needed, Math.max(SMALLEST, 2 * ring.length)))];
        var first = Math.min(size, ring.length - start);
        System.arraycopy(ring, start, target, 0, first);
        System.arraycopy(ring, 0, target, first, size - first);
        ring = target;
        start = 0;
    }
}
