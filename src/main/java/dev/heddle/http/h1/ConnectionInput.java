package dev.heddle.http.h1;

import dev.heddle.http.BodyReleasedException;
import dev.heddle.http.BodyTimeoutException;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.HelidonSocket;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// What arrives on a connection, in a buffer of bounded size.
///
/// The connection's thread reads the socket itself while it waits for a request. Once a request is
/// served, a second thread may read ahead for it: to wait for a body no longer than allowed, and to
/// notice the end of the connection while the handler does something else. No read is ever taken
/// back (that would close the socket): the reading thread stays until the peer sends or ends, and
/// what it gets is there for whoever asks next.
final class ConnectionInput {
    private static final int INITIAL_SIZE = 4096;
    private static final int LARGEST_FOR_BODY = 64 * 1024;

    /// What is kept while nothing is expected but the end of the connection.
    private static final int SIZE_FOR_END = 128;

    private final HelidonSocket socket;
    private final Runnable onEnd;
    private final int maxSize;
    private byte[] bytes;
    // Wraps the same bytes; its own write position is always the limit.
    private BufferData sink;
    private int position;
    private int limit;
    private boolean reading;
    private boolean ahead;
    private boolean ended;

    /// @param first what was read from the socket before
    /// @param maxSize how many bytes may wait here; no line can be longer
    /// @param onEnd told, by the thread that reads ahead, that the peer sends no more
    ConnectionInput(HelidonSocket socket, byte[] first, int maxSize, Runnable onEnd) {
        this.socket = socket;
        this.onEnd = onEnd;
        this.maxSize = maxSize;
        this.bytes = new byte[0];
        this.sink = BufferData.create(bytes);
        move(Math.max(first.length, INITIAL_SIZE));
        sink.write(first);
        limit = first.length;
    }

    synchronized boolean isEmpty() {
        return position == limit;
    }

    /// Waits, however long it takes, until more bytes are here than the caller has seen.
    ///
    /// @return false when the peer sends no more
    boolean more(int seen) throws IOException {
        synchronized (this) {
            ahead = false;
            if (available() > seen) {
                return true;
            }
            if (reading || ended) {
                awaitReader(seen, Long.MAX_VALUE, () -> false);
                return available() > seen;
            }
            makeRoom();
            reading = true;
        }
        var count = readSocket();
        synchronized (this) {
            reading = false;
            take(count);
            return count >= 0;
        }
    }

    /// Waits until more bytes are here than the caller has seen.
    ///
    /// @param released whether there is to be no waiting; see [#wake]
    /// @return false when the peer sends no more
    /// @throws BodyTimeoutException if none arrive in time
    synchronized boolean more(int seen, Duration timeout, BooleanSupplier released)
            throws IOException {
        if (available() <= seen && timeout.isPositive()) {
            startReading();
            // Of a large body, more is read while this is being used.
            ahead = bytes.length > INITIAL_SIZE;
            awaitReader(seen, timeout.toNanos(), released);
        }
        if (available() <= seen && !ended) {
            if (released.getAsBoolean()) {
                throw new BodyReleasedException();
            }
            throw new BodyTimeoutException(timeout);
        }
        return available() > seen;
    }

    /// Takes bytes that are here.
    ///
    /// @return how many, 0 when there are none
    synchronized int poll(byte[] target, int offset, int length) {
        var count = Math.min(length, limit - position);
        System.arraycopy(bytes, position, target, offset, count);
        position += count;
        return count;
    }

    /// Takes all bytes that are here.
    synchronized byte[] pollAll() {
        var all = Arrays.copyOfRange(bytes, position, limit);
        position = limit;
        return all;
    }

    /// Where the next byte of a value is.
    ///
    /// @param from how many bytes to leave out
    /// @return the number of bytes before it; where there is none, the complement of the number of
    ///   bytes that are here
    synchronized int indexOf(byte value, int from) {
        for (var i = position + from; i < limit; i++) {
            if (bytes[i] == value) {
                return i - position;
            }
        }
        return ~available();
    }

    private int available() {
        return limit - position;
    }

    /// Takes bytes that are here, as text of one byte a character.
    synchronized String pollText(int length) {
        var text = new String(bytes, position, length, StandardCharsets.ISO_8859_1);
        position += length;
        return text;
    }

    /// Has a thread wait for what comes, as long as there is room for it.
    synchronized void readAhead() {
        ahead = true;
        startReading();
    }

    /// Has a thread wait for the end of the connection, which is all that is expected.
    synchronized void awaitEnd() {
        if (reading || ended || position < limit) {
            readAhead();
        } else {
            ahead = true;
            move(SIZE_FOR_END);
            startReader();
        }
    }

    /// The thread that reads ahead ends when it has got something.
    synchronized void stopReadingAhead() {
        ahead = false;
    }

    private void startReading() {
        if (reading || ended) {
            return;
        }
        makeRoomAhead();
        if (limit < bytes.length) {
            startReader();
        }
    }

    private void startReader() {
        reading = true;
        Thread.ofVirtual().name("heddle-read-ahead").start(this::readUntilTold);
    }

    private void readUntilTold() {
        var goOn = true;
        while (goOn) {
            var count = readSocket();
            if (count < 0) {
                // before a reader can see the end and finish its exchange
                onEnd.run();
            }
            synchronized (this) {
                take(count);
                goOn = ahead && !ended && limit < bytes.length;
                reading = goOn;
                notifyAll();
            }
        }
    }

    private int readSocket() {
        try {
            return socket.read(sink);
        } catch (UncheckedIOException _) {
            // A connection that broke is as ended as one that was closed.
            return -1;
        }
    }

    private void take(int count) {
        if (count < 0) {
            ended = true;
        } else {
            limit += count;
        }
    }

    /// Has those who wait look whether they still are to.
    synchronized void wake() {
        notifyAll();
    }

    private void awaitReader(int seen, long nanos, BooleanSupplier released) throws IOException {
        var start = System.nanoTime();
        var left = nanos;
        while (reading && available() <= seen && left > 0 && !released.getAsBoolean()) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while reading");
            }
            left = nanos - (System.nanoTime() - start);
        }
    }

    private void makeRoom() throws IOException {
        if (position == limit) {
            move(INITIAL_SIZE);
        } else if (limit == bytes.length && position > 0) {
            move(bytes.length);
        } else if (limit == bytes.length) {
            if (limit >= maxSize) {
                throw new IOException("buffer of %d bytes is full".formatted(maxSize));
            }
            move(Math.min(2 * limit, maxSize));
        }
    }

    /// The buffer grows as long as what arrives fills it.
    private void makeRoomAhead() {
        if (bytes.length < INITIAL_SIZE) {
            move(INITIAL_SIZE);
            return;
        }
        if (limit < bytes.length && position < limit) {
            return;
        }
        var isFull = limit - position == bytes.length;
        if (isFull) {
            move(Math.min(2 * bytes.length, Math.max(maxSize, bytes.length)));
        } else if (limit == bytes.length && position == limit) {
            move(Math.min(2 * bytes.length, LARGEST_FOR_BODY));
        } else {
            move(bytes.length);
        }
    }

    /// Moves what is here to the front of a buffer of a size.
    private void move(int size) {
        var rest = limit - position;
        if (size == bytes.length) {
            System.arraycopy(bytes, position, bytes, 0, rest);
            sink.reset();
        } else {
            var target = new byte[size];
            System.arraycopy(bytes, position, target, 0, rest);
            bytes = target;
            sink = BufferData.create(target).reset();
        }
        position = 0;
        limit = rest;
        // Moves the write position behind the rest.
        sink.write(bytes, 0, rest);
    }
}
