package dev.heddle.facade.http;

import dev.heddle.http.BodyTooLargeException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Bounds how many bytes are read, of a body or of one message within it.
final class BoundedInput extends FilterInputStream {
    private final int max;
    private long count;

    BoundedInput(InputStream in, int max) {
        super(in);
        this.max = max;
    }

    /// Begins to count anew: for the next message. A reader's buffer may hold some of it already.
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
        if (count > max) {
            throw new BodyTooLargeException(max);
        }
    }
}
