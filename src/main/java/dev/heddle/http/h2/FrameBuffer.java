package dev.heddle.http.h2;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// Frames that are to be written at once.
final class FrameBuffer {
    private static final int SMALLEST = 1024;

    private byte[] bytes = new byte[SMALLEST];
    private int size;

    byte[] bytes() {
        return bytes;
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
    }

    /// Gives back memory that a burst has taken. Only of an empty buffer.
    void trim() {
        if (bytes.length > SMALLEST) {
            bytes = new byte[SMALLEST];
        }
    }

    void data(int streamId, byte[] source, int offset, int length, boolean last) {
        header(length, Frame.DATA, last ? Frame.END_STREAM : 0, streamId);
        append(source, offset, length);
    }

    /// Writes a header block, in as many frames as it needs.
    void headers(int streamId, ByteBuf block, boolean last) {
        var flags = last ? Frame.END_STREAM : 0;
        var type = Frame.HEADERS;
        do {
            var length = Math.min(block.readableBytes(), Frame.DEFAULT_MAX_SIZE);
            var end = length == block.readableBytes() ? Frame.END_HEADERS : 0;
            header(length, type, flags | end, streamId);
            block.readBytes(bytes, size, length);
            size += length;
            type = Frame.CONTINUATION;
            flags = 0;
        } while (block.isReadable());
    }

    void settings(int... idsAndValues) {
        header(idsAndValues.length / 2 * 6, Frame.SETTINGS, 0, 0);
        for (var i = 0; i < idsAndValues.length; i += 2) {
            bytes[size++] = (byte) (idsAndValues[i] >> 8);
            bytes[size++] = (byte) idsAndValues[i];
            word(idsAndValues[i + 1]);
        }
    }

    void settingsAck() {
        header(0, Frame.SETTINGS, Frame.ACK, 0);
    }

    void ping(int high, int low, boolean ack) {
        header(8, Frame.PING, ack ? Frame.ACK : 0, 0);
        word(high);
        word(low);
    }

    void windowUpdate(int streamId, int increment) {
        header(4, Frame.WINDOW_UPDATE, 0, streamId);
        word(increment);
    }

    void reset(int streamId, ErrorCode code) {
        header(4, Frame.RST_STREAM, 0, streamId);
        word(code.value());
    }

    void goAway(int lastStreamId, ErrorCode code, byte[] message) {
        header(8 + message.length, Frame.GOAWAY, 0, 0);
        word(lastStreamId);
        word(code.value());
        append(message, 0, message.length);
    }

    /// Writes the header of a frame and makes room for its payload.
    private void header(int length, int type, int flags, int streamId) {
        var needed = size + Frame.HEADER_SIZE + length;
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, 2 * bytes.length));
        }
        bytes[size++] = (byte) (length >> 16);
        bytes[size++] = (byte) (length >> 8);
        bytes[size++] = (byte) length;
        bytes[size++] = (byte) type;
        bytes[size++] = (byte) flags;
        word(streamId);
    }

    private void word(int value) {
        bytes[size++] = (byte) (value >> 24);
        bytes[size++] = (byte) (value >> 16);
        bytes[size++] = (byte) (value >> 8);
        bytes[size++] = (byte) value;
    }

    private void append(byte[] source, int offset, int length) {
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
    }
}
