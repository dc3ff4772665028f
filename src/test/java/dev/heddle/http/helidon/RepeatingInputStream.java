package dev.heddle.http.helidon;

import java.io.InputStream;

/// Many bytes that need no memory.
public final class RepeatingInputStream extends InputStream {
    private long left;

    public RepeatingInputStream(long size) {
        this.left = size;
    }

    @Override
    public int read() {
        return left == 0 ? -1 : (int) (left-- % 251);
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        if (left == 0) {
            return -1;
        }
        var count = (int) Math.min(length, left);
        for (var i = 0; i < count; i++) {
            target[offset + i] = (byte) (left-- % 251);
        }
        return count;
    }
}
