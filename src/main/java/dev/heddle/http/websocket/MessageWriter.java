package dev.heddle.http.websocket;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/// Writes messages, one after the other: compressed where that was agreed on and is worth it, long
/// ones in several frames.
final class MessageWriter {
    /// Control frames wait for no more than this.
    private static final int MAX_FRAME = 64 * 1024;

    /// Below this, in bytes, compression costs more than it saves.
    private static final int MIN_COMPRESSED_SIZE = 1024;

    private final FrameWriter frames;
    private final boolean compresses;
    private final ReentrantLock lock = new ReentrantLock();

    MessageWriter(FrameWriter frames, boolean compresses) {
        this.frames = frames;
        this.compresses = compresses;
    }

    void write(WebSocketMessage message) throws IOException {
        lock.lock();
        try {
            writeFrames(message);
        } finally {
            lock.unlock();
        }
    }

    /// Writes the last message and the close frame, with nothing in between.
    ///
    /// @return whether the socket was open before
    boolean writeLast(WebSocketMessage message, CloseStatus status) throws IOException {
        lock.lock();
        try {
            writeFrames(message);
            return writeClose(status);
        } finally {
            lock.unlock();
        }
    }

    /// Writes the close frame, which does not wait for the end of a message that is under way.
    ///
    /// @return whether the socket was open before
    boolean writeClose(CloseStatus status) throws IOException {
        return frames.writeControl(Opcode.CLOSE, status.toBytes());
    }

    private void writeFrames(WebSocketMessage message) throws IOException {
        var bytes = message.bytes();
        var isCompressed = false;
        if (compresses && bytes.length >= MIN_COMPRESSED_SIZE) {
            var deflated = Deflation.deflate(bytes);
            isCompressed = deflated.length < bytes.length;
            bytes = isCompressed ? deflated : bytes;
        }
        var opcode = message.isText() ? Opcode.TEXT : Opcode.BINARY;
        var done = 0;
        do {
            var count = Math.min(MAX_FRAME, bytes.length - done);
            var isLast = done + count == bytes.length;
            frames.write(new FrameHeader(isLast, isCompressed, opcode, count), bytes, done);
            opcode = Opcode.CONTINUATION;
            isCompressed = false;
            done += count;
        } while (done < bytes.length);
    }
}
