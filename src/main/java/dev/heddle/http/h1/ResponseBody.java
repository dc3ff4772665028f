package dev.heddle.http.h1;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/// The body of an HTTP/1.1 response while it is being written. What fits into the buffer and was
/// not flushed goes out at the end, with its length; else it goes in chunks. Each goes to the
/// connection in one write, together with what precedes and follows it. The buffer grows with what
/// is written and is dropped by a flush: a stream that is silent takes no room.
final class ResponseBody extends OutputStream {
    private static final int SIZE = 16 * 1024;
    private static final int SMALLEST = 512;
    // Room for the size of a chunk and CR LF before the data, and for what follows it.
    private static final int BEFORE = 6;
    private static final int AFTER = 7;
    private static final byte[] NOTHING = new byte[0];

    private final ResponseHead head;
    private final ConnectionOutput output;
    private final long givenLength;
    private byte[] buffer = NOTHING;
    private int filled;
    private long written;
    private boolean headSent;
    private boolean chunked;
    private boolean broken;
    private boolean closed;
    private volatile boolean abandoned;

    ResponseBody(ResponseHead head, ConnectionOutput output) {
        this.head = head;
        this.output = output;
        this.givenLength = head.hasBody() ? head.givenLength().orElse(-1) : -1;
    }

    boolean isComplete() {
        return closed && !broken;
    }

    /// Nothing more is sent, not even the end.
    void abandon() {
        abandoned = true;
    }

    private boolean isOver() {
        return closed || broken || abandoned;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, source.length);
        if (isOver()) {
            throw new IOException("the response has ended");
        }
        written += length;
        if (givenLength >= 0 && written > givenLength) {
            broken = true;
            throw new IOException("body longer than its length of %d bytes".formatted(givenLength));
        }
        if (head.hasBody()) {
            fill(source, offset, length);
        }
    }

    /// Has room for so many bytes, and for what goes around them.
    private void makeRoom(int size) {
        var needed = BEFORE + size + AFTER;
        if (needed > buffer.length) {
            var grown = Math.max(needed, Math.max(SMALLEST, 2 * buffer.length));
            buffer = Arrays.copyOf(buffer, Math.min(BEFORE + SIZE + AFTER, grown));
        }
    }

    private void fill(byte[] source, int offset, int length) throws IOException {
        var done = 0;
        while (done < length) {
            if (filled == SIZE) {
                send(false);
            }
            var count = Math.min(length - done, SIZE - filled);
            makeRoom(filled + count);
            System.arraycopy(source, offset + done, buffer, BEFORE + filled, count);
            filled += count;
            done += count;
        }
    }

    @Override
    public void flush() throws IOException {
        if (!isOver() && (filled > 0 || !headSent)) {
            send(false);
            buffer = NOTHING;
        }
    }

    @Override
    public void close() throws IOException {
        if (isOver()) {
            return;
        }
        if (givenLength > written) {
            broken = true;
            throw new IOException(
                    "body of %d bytes (expected: %d, as its length says)"
                            .formatted(written, givenLength));
        }
        send(true);
        closed = true;
    }

    private void send(boolean last) throws IOException {
        broken = true;
        var first = headSent ? NOTHING : headBytes(last);
        headSent = true;
        if (chunked) {
            sendChunk(first, last);
        } else {
            sendBuffer(first, BEFORE, filled);
        }
        filled = 0;
        broken = false;
    }

    private byte[] headBytes(boolean last) {
        if (!head.hasBody()) {
            return head.givenLength().isPresent()
                    ? head.toBytes(head.givenLength().getAsLong())
                    : head.toBytes();
        }
        if (givenLength >= 0 || last) {
            return head.toBytes(Math.max(givenLength, filled));
        }
        chunked = true;
        return head.toBytes();
    }

    private void sendChunk(byte[] first, boolean last) throws IOException {
        makeRoom(filled);
        var start = BEFORE;
        var end = BEFORE;
        if (filled > 0) {
            var size = Integer.toHexString(filled) + "\r\n";
            start -= size.length();
            put(size, start);
            end = put("\r\n", BEFORE + filled);
        }
        if (last) {
            end = put("0\r\n\r\n", end);
        }
        sendBuffer(first, start, end - start);
    }

    private int put(String text, int at) {
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, buffer, at, bytes.length);
        return at + bytes.length;
    }

    private void sendBuffer(byte[] first, int start, int length) throws IOException {
        if (length == 0) {
            output.write(first);
        } else if (first.length == 0) {
            output.write(buffer, start, length);
        } else {
            output.write(first, buffer, start, length);
        }
    }
}
