package dev.heddle.http.websocket;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.ReentrantLock;

/// Writes frames, each in one piece. A frame waits for the one before, so that control frames go
/// out between the fragments of a long message; behind a close frame nothing is written.
final class FrameWriter {
    private static final int LONGEST_HEADER = 10;

    private final OutputStream out;
    private final ReentrantLock lock = new ReentrantLock();
    private boolean closed;

    FrameWriter(OutputStream out) {
        this.out = out;
    }

    /// Writes a frame of a message.
    ///
    /// @throws IOException also behind a close frame
    void write(FrameHeader header, byte[] source, int offset) throws IOException {
        if (!writeUnlessClosed(header, source, offset)) {
            throw new IOException("the socket is closed");
        }
    }

    /// Writes a control frame, for which nobody is there any more behind a close frame.
    ///
    /// @return whether it was written
    boolean writeControl(Opcode opcode, byte[] payload) throws IOException {
        return writeUnlessClosed(new FrameHeader(true, false, opcode, payload.length), payload, 0);
    }

    /// Writes whole frames of messages.
    ///
    /// @throws IOException also behind a close frame
    void write(ByteArrayOutputStream piece) throws IOException {
        if (piece.size() > 0 && !writeUnlessClosed(false, piece)) {
            throw new IOException("the socket is closed");
        }
    }

    private boolean writeUnlessClosed(FrameHeader header, byte[] source, int offset)
            throws IOException {
        var frame = new ByteArrayOutputStream(LONGEST_HEADER + (int) header.length());
        append(header, source, offset, frame);
        return writeUnlessClosed(header.opcode() == Opcode.CLOSE, frame);
    }

    private boolean writeUnlessClosed(boolean closes, ByteArrayOutputStream piece)
            throws IOException {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            closed = closes;
            piece.writeTo(out);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Adds a frame to a piece that is written later.
    static void append(FrameHeader header, byte[] source, int offset, ByteArrayOutputStream piece) {
        var length = (int) header.length();
        piece.write(
                (header.isFinal() ? FrameHeader.FINAL : 0)
                        | (header.isCompressed() ? FrameHeader.RSV1 : 0)
                        | header.opcode().code());
        if (length < FrameHeader.LENGTH_16) {
            piece.write(length);
        } else if (length <= FrameHeader.MAX_LENGTH_16) {
            piece.write(FrameHeader.LENGTH_16);
            appendNumber(length, Short.BYTES, piece);
        } else {
            piece.write(FrameHeader.LENGTH_64);
            appendNumber(length, Long.BYTES, piece);
        }
        piece.write(source, offset, length);
    }

    private static void appendNumber(long number, int size, ByteArrayOutputStream piece) {
        for (var shift = Byte.SIZE * (size - 1); shift >= 0; shift -= Byte.SIZE) {
            piece.write((int) (number >> shift));
        }
    }
}
