package dev.heddle.http.h2;

import java.util.Arrays;

/// The fragments of one header block, until the last of them has come.
final class HeaderBlock {
    static final long NOT_OPEN = Long.MAX_VALUE;

    private static final int SMALLEST = 256;

    private final int maxSize;
    private byte[] bytes = new byte[SMALLEST];
    private int size;
    private int streamId;
    private boolean endsStream;
    private boolean dependsOnItself;
    private volatile long openSince = NOT_OPEN;

    /// @param maxSize the most that fields may take, in bytes; a block that is longer can't hold
    ///   fewer
    HeaderBlock(int maxSize) {
        this.maxSize = maxSize;
    }

    /// Whether fragments are still to come.
    boolean isOpen() {
        return openSince != NOT_OPEN;
    }

    /// Since when fragments are still to come. For any thread.
    ///
    /// @return a [System#nanoTime], [#NOT_OPEN] if none are
    long openSince() {
        return openSince;
    }

    int streamId() {
        return streamId;
    }

    boolean endsStream() {
        return endsStream;
    }

    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    boolean dependsOnItself() {
        return dependsOnItself;
    }

    void begin(int id, boolean ends, boolean onItself) {
        streamId = id;
        endsStream = ends;
        dependsOnItself = onItself;
        size = 0;
    }

    /// Waits for more fragments.
    void open() {
        openSince = System.nanoTime();
    }

    void append(byte[] source, int offset, int length) throws ConnectionException {
        if (size + length > 2 * maxSize) {
            throw new ConnectionException(
                    ErrorCode.ENHANCE_YOUR_CALM,
                    "a header block of more than %d bytes".formatted(2 * maxSize));
        }
        if (size + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + length, 2 * bytes.length));
        }
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
    }

    void end() {
        openSince = NOT_OPEN;
    }
}
