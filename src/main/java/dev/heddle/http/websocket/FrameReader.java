package dev.heddle.http.websocket;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// Reads the frames of a client and holds each against the protocol: the bits that are reserved,
/// the mask that a client must use, lengths in their shortest form. A payload is read in whatever
/// pieces it arrives, so that what a length claims costs nothing.
final class FrameReader {
    private static final int MASK_SIZE = 4;

    private final InputStream in;
    private final boolean mayCompress;
    private final byte[] mask = new byte[MASK_SIZE];
    private long left;
    private int maskPosition;

    /// @param mayCompress whether permessage-deflate was agreed on
    FrameReader(InputStream in, boolean mayCompress) {
        this.in = in;
        this.mayCompress = mayCompress;
    }

    /// Waits for the next frame; the payload of the one before must have been read.
    ///
    /// @throws EOFException if the peer ends without it
    FrameHeader next() throws IOException {
        var first = read();
        var header =
                new FrameHeader(
                        (first & FrameHeader.FINAL) != 0,
                        (first & FrameHeader.RSV1) != 0,
                        opcode(first),
                        length(read()));
        check(header);
        if (in.readNBytes(mask, 0, MASK_SIZE) < MASK_SIZE) {
            throw ended();
        }
        left = header.length();
        maskPosition = 0;
        return header;
    }

    /// Reads what has arrived of the payload, at least a byte.
    ///
    /// @return how many bytes; 0 when there are no more
    int payload(byte[] target) throws IOException {
        if (left == 0) {
            return 0;
        }
        var count = in.read(target, 0, (int) Math.min(target.length, left));
        if (count < 0) {
            throw ended();
        }
        for (var i = 0; i < count; i++) {
            target[i] ^= mask[maskPosition++ % MASK_SIZE];
        }
        maskPosition %= MASK_SIZE;
        left -= count;
        return count;
    }

    /// Reads the payload of a control frame.
    byte[] controlPayload() throws IOException {
        var all = new byte[(int) left];
        var piece = new byte[all.length];
        for (var done = 0; done < all.length; ) {
            var count = payload(piece);
            System.arraycopy(piece, 0, all, done, count);
            done += count;
        }
        return all;
    }

    private Opcode opcode(int first) throws WebSocketException {
        if ((first & FrameHeader.RESERVED) != 0) {
            throw WebSocketException.protocolError("a reserved bit is set");
        }
        var code = first & FrameHeader.OPCODE;
        return Opcode.of(code)
                .orElseThrow(() ->
                        WebSocketException.protocolError("opcode %d is reserved".formatted(code)));
    }

    private long length(int second) throws IOException {
        if ((second & FrameHeader.MASKED) == 0) {
            throw WebSocketException.protocolError("a frame is not masked");
        }
        var length = second & FrameHeader.LENGTH;
        return switch (length) {
            case FrameHeader.LENGTH_16 -> number(2, FrameHeader.LENGTH_16);
            case FrameHeader.LENGTH_64 -> number(8, FrameHeader.MAX_LENGTH_16 + 1);
            default -> length;
        };
    }

    private long number(int size, int least) throws IOException {
        var number = 0L;
        for (var i = 0; i < size; i++) {
            number = number << 8 | read();
        }
        if (number < least) {
            // a number of 64 bits with the first one set is negative
            throw WebSocketException.protocolError("a length is not in its shortest form");
        }
        return number;
    }

    private void check(FrameHeader header) throws WebSocketException {
        var opcode = header.opcode();
        if (header.isCompressed()
                && (!mayCompress || opcode.isControl() || opcode == Opcode.CONTINUATION)) {
            throw WebSocketException.protocolError("a reserved bit is set");
        }
        if (opcode.isControl()
                && (!header.isFinal() || header.length() > FrameHeader.MAX_CONTROL_PAYLOAD)) {
            throw WebSocketException.protocolError("a control frame is fragmented or too long");
        }
    }

    private int read() throws IOException {
        var next = in.read();
        if (next < 0) {
            throw ended();
        }
        return next;
    }

    private static EOFException ended() {
        return new EOFException("the peer ended without a close frame");
    }
}
