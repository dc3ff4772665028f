package dev.heddle.http.websocket;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/// Writes frames, each in one piece. A frame waits for the one before, so that control frames go
/// out between the fragments of a long message; behind a close frame nothing is written.
final class FrameWriter {
    private static final int SHORTEST_HEADER = 2;

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

    private boolean writeUnlessClosed(FrameHeader header, byte[] source, int offset)
            throws IOException {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            closed = header.opcode() == Opcode.CLOSE;
            out.write(frame(header, source, offset));
            return true;
        } finally {
            lock.unlock();
        }
    }

    private static byte[] frame(FrameHeader header, byte[] source, int offset) {
        var length = (int) header.length();
        var lengthSize =
                length < FrameHeader.LENGTH_16 ? 0 : length <= FrameHeader.MAX_LENGTH_16 ? 2 : 8;
        var frame = new byte[SHORTEST_HEADER + lengthSize + length];
        var buffer = ByteBuffer.wrap(frame);
        buffer.put(
                (byte)
                        ((header.isFinal() ? FrameHeader.FINAL : 0)
                                | (header.isCompressed() ? FrameHeader.RSV1 : 0)
                                | header.opcode().code()));
        switch (lengthSize) {
            case 0 -> buffer.put((byte) length);
            case 2 -> buffer.put((byte) FrameHeader.LENGTH_16).putShort((short) length);
            default -> buffer.put((byte) FrameHeader.LENGTH_64).putLong(length);
        }
        buffer.put(source, offset, length);
        return frame;
    }
}
