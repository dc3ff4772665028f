package dev.heddle.http.h2;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.HelidonSocket;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Cuts what arrives on a connection into frames. The current frame lies in a buffer that the next
/// one overwrites.
final class FrameReader {
    private static final byte[] PREFACE =
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int INITIAL_SIZE = 4 * 1024;
    private static final int LARGE_SIZE = 64 * 1024;

    /// After so many reads that would have fitted into a small buffer, it is small again.
    private static final int SMALL_READS = 256;

    private final HelidonSocket socket;
    private final int maxFrameSize;
    private byte[] bytes;
    // Wraps the same bytes; its own write position is always the limit.
    private BufferData sink;
    private int position;
    private int limit;
    private int smallReads;

    private int length;
    private int type;
    private int flags;
    private int streamId;

    /// @param first what was read from the socket before
    /// @param maxFrameSize the longest payload that is taken
    FrameReader(HelidonSocket socket, byte[] first, int maxFrameSize) {
        this.socket = socket;
        this.maxFrameSize = maxFrameSize;
        this.bytes = Arrays.copyOf(first, Math.max(first.length, INITIAL_SIZE));
        this.sink = BufferData.create(bytes).reset();
        sink.write(bytes, 0, first.length);
        this.limit = first.length;
    }

    /// Reads what a client has to begin with.
    ///
    /// @return false if the connection ended before
    /// @throws ConnectionException if it begins otherwise
    boolean readPreface() throws ConnectionException {
        var seen = 0;
        while (seen < PREFACE.length) {
            if (available() <= seen && !fill(PREFACE.length)) {
                return false;
            }
            var end = Math.min(available(), PREFACE.length);
            if (!Arrays.equals(bytes, position + seen, position + end, PREFACE, seen, end)) {
                throw new ConnectionException(
                        ErrorCode.PROTOCOL_ERROR, "not the preface of HTTP/2");
            }
            seen = end;
        }
        position += PREFACE.length;
        return true;
    }

    /// Whether [#next] has no need to wait.
    boolean isReady() {
        return available() >= Frame.HEADER_SIZE && available() >= Frame.HEADER_SIZE + peekLength();
    }

    /// Waits for the next frame.
    ///
    /// @return false if the connection has ended
    /// @throws ConnectionException if the frame is too long
    boolean next() throws ConnectionException {
        if (!await(Frame.HEADER_SIZE)) {
            return false;
        }
        length = peekLength();
        type = bytes[position + 3] & 0xff;
        flags = bytes[position + 4] & 0xff;
        streamId = intAt(position + 5) & Integer.MAX_VALUE;
        if (length > maxFrameSize) {
            throw new ConnectionException(
                    ErrorCode.FRAME_SIZE_ERROR,
                    "a frame of %d bytes (expected: <= %d)".formatted(length, maxFrameSize));
        }
        if (!await(Frame.HEADER_SIZE + length)) {
            return false;
        }
        position += Frame.HEADER_SIZE + length;
        return true;
    }

    /// Drops all that comes until the connection ends.
    void skipAll() {
        do {
            position = limit;
        } while (fill(0));
    }

    int type() {
        return type;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    int streamId() {
        return streamId;
    }

    /// The length of the payload.
    int length() {
        return length;
    }

    /// Where the payload is.
    byte[] bytes() {
        return bytes;
    }

    /// Where in [#bytes] the payload begins.
    int offset() {
        return position - length;
    }

    /// A byte of the payload.
    int byteAt(int index) {
        return bytes[offset() + index] & 0xff;
    }

    /// Two bytes of the payload.
    int shortAt(int index) {
        return byteAt(index) << 8 | byteAt(index + 1);
    }

    /// Four bytes of the payload.
    int wordAt(int index) {
        return intAt(offset() + index);
    }

    private int peekLength() {
        return (bytes[position] & 0xff) << 16
                | (bytes[position + 1] & 0xff) << 8
                | (bytes[position + 2] & 0xff);
    }

    private int intAt(int index) {
        return (bytes[index] & 0xff) << 24
                | (bytes[index + 1] & 0xff) << 16
                | (bytes[index + 2] & 0xff) << 8
                | (bytes[index + 3] & 0xff);
    }

    private int available() {
        return limit - position;
    }

    private boolean await(int count) {
        while (available() < count) {
            if (!fill(count)) {
                return false;
            }
        }
        return true;
    }

    private boolean fill(int wanted) {
        makeRoom(wanted);
        try {
            var count = socket.read(sink);
            if (count <= 0) {
                return false;
            }
            limit += count;
            countSmall();
            return true;
        } catch (UncheckedIOException _) {
            // A connection that broke is as ended as one that was closed.
            return false;
        }
    }

    private void countSmall() {
        smallReads = limit < INITIAL_SIZE ? smallReads + 1 : 0;
    }

    /// Makes room for a frame, and for more if the last read filled the buffer.
    private void makeRoom(int wanted) {
        var size = bytes.length;
        if (limit == size && size < LARGE_SIZE) {
            size = Math.min(2 * size, LARGE_SIZE);
        } else if (smallReads >= SMALL_READS) {
            smallReads = 0;
            size = Math.max(INITIAL_SIZE, available());
        }
        move(Math.max(size, wanted));
    }

    /// Moves what is here to the front of a buffer of a size.
    private void move(int size) {
        var rest = available();
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
