package dev.heddle.http.h2;

import dev.heddle.rpc.Headers;
import io.helidon.common.socket.HelidonSocket;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Everything that a connection sends. Streams append whole frames to a buffer, and one thread
/// writes what has gathered there at once. Only the end of a response with which nothing else can
/// go out, since no other stream is open, is written by the stream's own thread.
///
/// A stream waits while its window or that of the connection is closed, or while the buffer is
/// full. It appends a turn's worth of data at a time if others wait, so that they share the
/// connection evenly. Frames that carry no data never wait; their number is bounded by what the
/// peer may ask for.
final class ConnectionWriter {
    /// The buffer is full, but for what can't wait.
    private static final int FULL = 128 * 1024;

    /// Beyond it, a peer asks for answers that it does not read.
    private static final int OVERFULL = 2 * FULL;

    /// How much of one stream goes out before it is another's turn.
    private static final int TURN = Frame.DEFAULT_MAX_SIZE;

    private static final int KIB = 1024;

    private final Duration timeout;
    private final ReentrantLock lock = new ReentrantLock();
    private final Flusher flusher;
    private final HeaderEncoder encoder = new HeaderEncoder();
    private final Deque<SendState> waitingForRoom = new ArrayDeque<>();
    private final Deque<SendState> waitingForWindow = new ArrayDeque<>();
    private int window = Frame.DEFAULT_WINDOW;
    private int initialWindow = Frame.DEFAULT_WINDOW;
    private int open;
    private long dataSent;

    /// @param timeout how long a peer may take to accept what is sent at once
    /// @param onFailure told that the peer can't be written to any more
    ConnectionWriter(HelidonSocket socket, Duration timeout, Runnable onFailure) {
        this.timeout = timeout;
        this.flusher = new Flusher(socket, lock, new Waiting(onFailure));
    }

    /// Begins to write, on a thread that ends with [#finish] or [#close].
    void start() {
        Thread.ofVirtual().name("heddle-h2-writer").start(flusher);
    }

    /// Sends a part of a response: its head if it was not sent before, some of its body, and the
    /// end if this is the last part.
    ///
    /// @throws InterruptedIOException if it would have to wait though it was released
    /// @throws IOException if the stream or the connection is no more
    void send(
            SendState stream,
            Optional<ResponseHead> head,
            byte[] data,
            int offset,
            int length,
            boolean last,
            Headers trailers)
            throws IOException {
        if (append(stream, head, data, offset, length, last, trailers)) {
            flusher.writeInPlace();
        }
    }

    /// Appends a part of a response.
    ///
    /// @return whether the caller has to write it
    private boolean append(
            SendState stream,
            Optional<ResponseHead> head,
            byte[] data,
            int offset,
            int length,
            boolean last,
            Headers trailers)
            throws IOException {
        lock.lock();
        try {
            check(stream);
            stream.stalledSince = SendState.NOT_STALLED;
            if (!stream.released) {
                awaitRoom(stream);
            }
            var endsWithData = last && trailers.isEmpty();
            if (head.isPresent()) {
                flusher.buffer()
                        .headers(
                                stream.streamId,
                                encoder.encode(head.get()),
                                endsWithData && length == 0);
            }
            if (length > 0) {
                data(stream, data, offset, length, endsWithData);
            } else if (endsWithData && head.isEmpty()) {
                flusher.buffer().data(stream.streamId, data, 0, 0, true);
            }
            if (last && !trailers.isEmpty()) {
                flusher.buffer().headers(stream.streamId, encoder.encode(trailers), true);
            }
            if (last) {
                stream.ended = true;
                closeOnce(stream);
            }
            if (last && open == 0 && flusher.replace()) {
                return true;
            }
            flusher.wake();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void data(SendState stream, byte[] data, int offset, int length, boolean last)
            throws IOException {
        var done = 0;
        var turn = TURN;
        while (done < length) {
            var count = Math.min(Math.min(length - done, TURN), Math.min(stream.window, window));
            if (count <= 0) {
                awaitWindow(stream);
                // What it had appended is gone: nothing but that ends the wait for another turn.
                turn = TURN;
            } else if (turn <= 0 && lock.hasQueuedThreads()) {
                await(stream, waitingForRoom);
                turn = TURN;
            } else if (flusher.buffer().size() >= FULL) {
                awaitRoom(stream);
                turn = TURN;
            } else {
                flusher.buffer()
                        .data(
                                stream.streamId,
                                data,
                                offset + done,
                                count,
                                last && done + count == length);
                stream.window -= count;
                window -= count;
                done += count;
                turn -= count;
                dataSent += 1 + count / KIB;
            }
        }
    }

    private void awaitRoom(SendState stream) throws IOException {
        while (flusher.buffer().size() >= FULL) {
            await(stream, waitingForRoom);
        }
    }

    private void awaitWindow(SendState stream) throws IOException {
        if (stream.window <= 0) {
            await(stream);
        } else {
            await(stream, waitingForWindow);
        }
    }

    private void await(SendState stream, Deque<SendState> queue) throws IOException {
        queue.add(stream);
        try {
            await(stream);
        } finally {
            queue.remove(stream);
        }
    }

    @SuppressWarnings("WaitNotInLoop") // all who call it look again
    private void await(SendState stream) throws IOException {
        flusher.wake();
        if (stream.released) {
            throw new InterruptedIOException("no more waiting for the peer");
        }
        if (stream.wakeUp == null) {
            stream.wakeUp = lock.newCondition();
        }
        try {
            if (stream.wakeUp.awaitNanos(stream.patience(timeout)) <= 0) {
                reset(stream, ErrorCode.ENHANCE_YOUR_CALM);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while writing");
        }
        check(stream);
    }

    private void check(SendState stream) throws IOException {
        if (flusher.isClosed() || stream.reset) {
            throw new IOException("the stream is no more");
        }
        if (stream.ended) {
            throw new IOException("the response is complete");
        }
    }

    /// Lets nobody wait for the peer in this stream any more.
    void release(SendState stream) {
        lock.lock();
        try {
            stream.released = true;
            stream.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Sends RST_STREAM, unless the stream was reset before.
    ///
    /// @return whether it was sent
    boolean reset(SendState stream, ErrorCode code) {
        lock.lock();
        try {
            if (stream.reset || flusher.isClosed()) {
                return false;
            }
            stream.reset = true;
            closeOnce(stream);
            stream.signal();
            flusher.buffer().reset(stream.streamId, code);
            flusher.wake();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Notes that the peer has reset a stream, or that its connection is lost.
    void peerReset(SendState stream) {
        lock.lock();
        try {
            stream.reset = true;
            closeOnce(stream);
            stream.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Frames that need no wait.
    interface Control {
        void appendTo(FrameBuffer frames);
    }

    /// Sends frames that concern the connection.
    ///
    /// @return false if the peer does not read what it asks for
    boolean control(Control control) {
        lock.lock();
        try {
            if (flusher.isClosed()) {
                return true;
            }
            control.appendTo(flusher.buffer());
            flusher.wake();
            return flusher.buffer().size() < OVERFULL;
        } finally {
            lock.unlock();
        }
    }

    /// A new stream, with the window that the peer gives to new ones. Until it is answered or reset
    /// it counts as open: no longer, for as soon as the peer sees the end it may open the next.
    ///
    /// @return empty if as many are open as may be
    Optional<SendState> open(int streamId, int maxOpen) {
        lock.lock();
        try {
            if (open >= maxOpen) {
                return Optional.empty();
            }
            open++;
            return Optional.of(new SendState(streamId, initialWindow));
        } finally {
            lock.unlock();
        }
    }

    /// Whether nothing more is to be sent of a response.
    boolean isOver(SendState stream) {
        lock.lock();
        try {
            return stream.ended || stream.reset;
        } finally {
            lock.unlock();
        }
    }

    /// Whether all of a response was sent.
    boolean isEnded(SendState stream) {
        lock.lock();
        try {
            return stream.ended;
        } finally {
            lock.unlock();
        }
    }

    /// Whether a stream was reset, by whichever side.
    boolean isReset(SendState stream) {
        lock.lock();
        try {
            return stream.reset;
        } finally {
            lock.unlock();
        }
    }

    private void closeOnce(SendState stream) {
        if (!stream.closed) {
            stream.closed = true;
            open--;
        }
    }

    /// Tells the peer to go on with a request.
    void interim(SendState stream) throws IOException {
        lock.lock();
        try {
            check(stream);
            flusher.buffer()
                    .headers(stream.streamId, encoder.encode(ResponseHead.interim()), false);
            flusher.wake();
        } finally {
            lock.unlock();
        }
    }

    /// Lets the connection send more.
    ///
    /// @return false if the window would get larger than allowed
    boolean openWindow(int increment) {
        lock.lock();
        try {
            if (window > Integer.MAX_VALUE - increment) {
                return false;
            }
            window += increment;
            wakeAll(waitingForWindow);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Lets a stream send more.
    ///
    /// @return false if the window would get larger than allowed
    boolean openWindow(SendState stream, int increment) {
        lock.lock();
        try {
            if (stream.window > Integer.MAX_VALUE - increment) {
                return false;
            }
            stream.window += increment;
            stream.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Changes the window of new streams, and with it those of the given ones.
    ///
    /// @return false if a window would get larger than allowed
    boolean initialWindow(int size, Collection<SendState> streams) {
        lock.lock();
        try {
            var change = size - initialWindow;
            initialWindow = size;
            for (var stream : streams) {
                if (stream.reset) {
                    continue;
                }
                if (change > 0 && stream.window > Integer.MAX_VALUE - change) {
                    return false;
                }
                stream.window += change;
                stream.signal();
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Bounds the table of header fields as the peer wants it.
    void headerTableSize(long size) {
        lock.lock();
        try {
            encoder.maxTableSize(size);
        } finally {
            lock.unlock();
        }
    }

    void goAway(int lastStreamId, ErrorCode code, String message) {
        var text = message.getBytes(StandardCharsets.US_ASCII);
        control(frames -> frames.goAway(lastStreamId, code, text));
    }

    /// How much data was sent so far: each frame counts as one, and as one more for every KiB.
    long dataSent() {
        lock.lock();
        try {
            return dataSent;
        } finally {
            lock.unlock();
        }
    }

    /// Whether the peer has not taken what was written for too long.
    boolean isStalled(long now) {
        return flusher.isStalled(now, timeout);
    }

    /// Gives back memory if there is nothing to write just now.
    void trim() {
        flusher.trim();
    }

    /// Writes all that was sent so far, and nothing more.
    void finish() {
        flusher.finish();
    }

    /// Drops what is not written yet.
    void close() {
        flusher.close();
    }

    private static void wakeAll(Deque<SendState> waiting) {
        for (var stream : waiting) {
            stream.signal();
        }
    }

    /// Wakes those who wait for the socket.
    private final class Waiting implements Flusher.Listener {
        private final Runnable onFailure;

        Waiting(Runnable onFailure) {
            this.onFailure = onFailure;
        }

        @Override
        public void emptied() {
            wakeAll(waitingForRoom);
        }

        @Override
        public void closed() {
            wakeAll(waitingForRoom);
            wakeAll(waitingForWindow);
        }

        @Override
        public void failed() {
            onFailure.run();
        }
    }
}
