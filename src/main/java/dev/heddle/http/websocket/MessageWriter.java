package dev.heddle.http.websocket;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// Writes messages, one after the other: compressed where that was agreed on and is worth it, long
/// ones in several frames.
final class MessageWriter {
    /// Control frames wait for no more than this.
    private static final int MAX_FRAME = 64 * 1024;

    private final FrameWriter frames;
    private final boolean compresses;
    private final ReentrantLock lock = new ReentrantLock();
    private int lastPiece;

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

    /// Writes messages, those that fit together in one piece.
    void writeAll(List<WebSocketMessage> all) throws IOException {
        lock.lock();
        try {
            var piece = new ByteArrayOutputStream(lastPiece);
            for (var message : all) {
                var packed = message.packed(compresses);
                var isLong = packed.bytes().length > MAX_FRAME;
                if (isLong || piece.size() + packed.bytes().length > MAX_FRAME) {
                    frames.write(piece);
                    piece.reset();
                }
                if (isLong) {
                    writeFrames(packed);
                } else {
                    FrameWriter.append(header(packed), packed.bytes(), 0, piece);
                }
            }
            frames.write(piece);
            lastPiece = piece.size();
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
        var packed = message.packed(compresses);
        var bytes = packed.bytes();
        var isCompressed = packed.isCompressed();
        var opcode = opcode(packed);
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

    /// The header of a message that is one frame.
    private static FrameHeader header(WebSocketMessage packed) {
        return new FrameHeader(true, packed.isCompressed(), opcode(packed), packed.bytes().length);
    }

    private static Opcode opcode(WebSocketMessage message) {
        return message.isText() ? Opcode.TEXT : Opcode.BINARY;
    }
}
