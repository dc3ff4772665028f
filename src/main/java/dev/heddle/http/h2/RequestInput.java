package dev.heddle.http.h2;

import dev.heddle.http.BodyReleasedException;
import dev.heddle.http.BodyTimeoutException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The bytes of one request that wait for its handler: no more than the stream's window.
final class RequestInput {
    /// What is made for bytes that come behind others, so that crumbs don't take an array each.
    private static final int CHUNK = 4 * 1024;

    private final Deque<byte[]> chunks = new ArrayDeque<>(2);

    /// Where in the first chunk the next byte is.
    private int start;

    /// How much of the last chunk is used.
    private int end;

    private int size;
    private boolean ended;
    private boolean released;
    private @Nullable String failure;

    /// Adds bytes.
    ///
    /// @return false if nobody reads any more, and the bytes were dropped
    synchronized boolean put(byte[] source, int offset, int length) {
        if (failure != null) {
            return false;
        }
        var first = chunks.isEmpty() ? 0 : Math.min(length, chunks.getLast().length - end);
        if (first > 0) {
            System.arraycopy(source, offset, chunks.getLast(), end, first);
            end += first;
        }
        if (first < length) {
            append(source, offset + first, length - first);
        }
        size += length;
        notifyAll();
        return true;
    }

    private void append(byte[] source, int offset, int length) {
        var chunk = new byte[chunks.isEmpty() ? length : Math.max(length, CHUNK)];
        System.arraycopy(source, offset, chunk, 0, length);
        chunks.add(chunk);
        end = length;
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
        start = 0;
        chunks.clear();
        if (failure == null) {
            failure = "the exchange is over";
            notifyAll();
        }
        return dropped;
    }

    /// How many bytes are here.
    synchronized int available() {
        return size;
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
        for (var taken = 0; taken < count; ) {
            taken += takeFromFirst(target, offset + taken, count - taken);
        }
        size -= count;
        return count;
    }

    private int takeFromFirst(byte[] target, int offset, int wanted) {
        var first = chunks.getFirst();
        var used = chunks.size() == 1 ? end : first.length;
        var count = Math.min(wanted, used - start);
        System.arraycopy(first, start, target, offset, count);
        start += count;
        if (start == used) {
            chunks.removeFirst();
            start = 0;
        }
        return count;
    }

    private void await(Duration patience) throws IOException {
        var deadline = System.nanoTime() + patience.toNanos();
        while (size == 0 && !ended && failure == null) {
            if (released) {
                throw new BodyReleasedException();
            }
            var left = deadline - System.nanoTime();
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
}
