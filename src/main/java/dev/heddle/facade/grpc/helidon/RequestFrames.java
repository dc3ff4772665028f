package dev.heddle.facade.grpc.helidon;

import io.helidon.common.buffers.DataReader;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.function.Supplier;

/// What a connection receives, with its header blocks put into the form that Helidon reads; see
/// [HeaderBlock]. All other frames pass as they come.
final class RequestFrames implements Supplier<byte[]> {
    private static final int PREFACE = 24;
    private static final int FRAME_HEADER = 9;
    private static final int HEADERS = 1;
    private static final int END_HEADERS = 0x4;
    private static final int PADDED = 0x8;
    private static final int PRIORITY = 0x20;

    /// What Helidon accepts of a frame: a longer one need not be touched.
    private static final int MAX_FRAME = 16_384;

    private final DataReader stock;
    private byte[] pending = new byte[0];

    /// How many of the bytes to come pass as they are.
    private int passing = PREFACE;

    RequestFrames(DataReader stock) {
        this.stock = stock;
    }

    @Override
    public byte[] get() {
        var out = new ByteArrayOutputStream();
        while (out.size() == 0) {
            stock.ensureAvailable();
            pending = joined(pending, stock.readBuffer().readBytes());
            process(out);
        }
        return out.toByteArray();
    }

    private void process(ByteArrayOutputStream out) {
        var start = 0;
        while (start < pending.length) {
            var length = passing > 0 ? pass(start, out) : frame(start, out);
            if (length == 0) {
                break;
            }
            start += length;
        }
        pending = start == pending.length ? new byte[0] : slice(pending, start, pending.length);
    }

    private int pass(int start, ByteArrayOutputStream out) {
        var length = Math.min(passing, pending.length - start);
        out.write(pending, start, length);
        passing -= length;
        return length;
    }

    /// @return how many bytes were used; 0 if more must come first
    private int frame(int start, ByteArrayOutputStream out) {
        if (pending.length - start < FRAME_HEADER) {
            return 0;
        }
        var length = (octet(start) << 16) | (octet(start + 1) << 8) | octet(start + 2);
        var isBlock = octet(start + 3) == HEADERS && (octet(start + 4) & END_HEADERS) != 0;
        if (!isBlock || length > MAX_FRAME) {
            passing = FRAME_HEADER + length;
            return pass(start, out);
        }
        if (pending.length - start < FRAME_HEADER + length) {
            return 0;
        }
        rewrite(start, length, out);
        return FRAME_HEADER + length;
    }

    private void rewrite(int start, int length, ByteArrayOutputStream out) {
        var flags = octet(start + 4);
        var payload = start + FRAME_HEADER;
        var end = payload + length;
        var padding = (flags & PADDED) != 0 && length > 0 ? octet(payload) : 0;
        var before = ((flags & PADDED) != 0 ? 1 : 0) + ((flags & PRIORITY) != 0 ? 5 : 0);
        if (before + padding > length) {
            out.write(pending, start, FRAME_HEADER + length);
            return;
        }
        var block = slice(pending, payload + before, end - padding);
        var rewritten = HeaderBlock.rewritten(block);
        var size = before + rewritten.length + padding;
        out.write(size >> 16);
        out.write(size >> 8);
        out.write(size);
        out.write(pending, start + 3, FRAME_HEADER - 3 + before);
        out.writeBytes(rewritten);
        out.write(pending, end - padding, padding);
    }

    private int octet(int index) {
        return pending[index] & 0xFF;
    }

    private static byte[] slice(byte[] bytes, int from, int to) {
        return Arrays.copyOfRange(bytes, from, to);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        if (first.length == 0) {
            return second;
        }
        var all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
