package dev.heddle.facade.http;

import dev.heddle.http.BodyTooLargeException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Bounds how many bytes are read, of a body or of one message within it.
final class BoundedInput extends FilterInputStream {
    /// What the buffers of a JSON parser and its decoder hold ahead.
    private static final int READ_AHEAD = 16 * 1024;

    private final int max;
    private final int tolerance;
    private long count;

    private BoundedInput(InputStream in, int max, int tolerance) {
        super(in);
        this.max = max;
        this.tolerance = tolerance;
    }

    /// Bounds a whole body.
    static BoundedInput whole(InputStream in, int max) {
        return new BoundedInput(in, max, 0);
    }

    /// Bounds each of many messages, up to what their reader buffers of the next.
    static BoundedInput each(InputStream in, int max) {
        return new BoundedInput(in, max, READ_AHEAD);
    }

    /// Begins to count anew: for the next message.
    void restart() {
        count = 0;
    }

    @Override
    public int read() throws IOException {
        var read = in.read();
        count(read < 0 ? 0 : 1);
        return read;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        var read = in.read(into, offset, length);
        count(Math.max(0, read));
        return read;
    }

    @Override
    public long skip(long length) throws IOException {
        var skipped = in.skip(length);
        count(skipped);
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void count(long bytes) throws BodyTooLargeException {
        count += bytes;
        if (count > (long) max + tolerance) {
            throw new BodyTooLargeException(max);
        }
    }
}
