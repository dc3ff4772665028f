package dev.heddle.facade.grpc.helidon;

import io.helidon.common.buffers.DataReader;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.function.Supplier;

/// What a connection receives, put into the form that Helidon reads: header blocks are rewritten
/// (see [HeaderBlock]), and data that come for a stream behind its reset, as grpc-java sends them
/// when a call is cancelled in full flight, are dropped; Helidon would end the connection. All
/// other frames pass as they come.
final class RequestFrames implements Supplier<byte[]> {
    private static final int PREFACE = 24;
    private static final int FRAME_HEADER = 9;
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int END_HEADERS = 0x4;
    private static final int PADDED = 0x8;
    private static final int PRIORITY = 0x20;

    /// What Helidon accepts of a frame: a longer one need not be touched.
    private static final int MAX_FRAME = 16_384;

    /// How many resets are remembered; what is late comes close behind.
    private static final int MAX_RESETS = 256;

    private final DataReader stock;
    private final Events events;
    private final SequencedSet<Integer> resets = new LinkedHashSet<>();
    private byte[] pending = new byte[0];

    /// How many of the bytes to come pass as they are.
    private int passing = PREFACE;

    /// How many of the bytes to come are left out.
    private int dropping;

    /// What is seen in passing.
    interface Events {
        /// The peer has reset a stream.
        void onReset(int stream);

        /// Data were dropped that took so much of the connection's window.
        void onDropped(int length);
    }

    RequestFrames(DataReader stock, Events events) {
        this.stock = stock;
        this.events = events;
    }

    /// Whether the peer has lately reset a stream; may be asked by any thread.
    synchronized boolean hasReset(int stream) {
        return resets.contains(stream);
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
        var length = -1;
        while (start < pending.length && length != 0) {
            length = next(start, out);
            start += length;
        }
        pending = slice(pending, start, pending.length);
    }

    /// Takes bytes from a place on; returns how many, 0 if more must come first.
    private int next(int start, ByteArrayOutputStream out) {
        if (dropping > 0) {
            return drop(start);
        }
        return passing > 0 ? pass(start, out) : frame(start, out);
    }

    private int drop(int start) {
        var length = Math.min(dropping, pending.length - start);
        dropping -= length;
        return length;
    }

    private int pass(int start, ByteArrayOutputStream out) {
        var length = Math.min(passing, pending.length - start);
        out.write(pending, start, length);
        passing -= length;
        return length;
    }

    private int frame(int start, ByteArrayOutputStream out) {
        if (pending.length - start < FRAME_HEADER) {
            return 0;
        }
        var length = (octet(start) << 16) | (octet(start + 1) << 8) | octet(start + 2);
        var type = octet(start + 3);
        if (type == DATA && hasReset(stream(start))) {
            return dropFrame(start, length);
        }
        if (type == HEADERS && isWholeBlock(start, length)) {
            return headers(start, length, out);
        }
        if (type == RST_STREAM) {
            remember(stream(start));
            events.onReset(stream(start));
        }
        return passFrame(start, length, out);
    }

    private int dropFrame(int start, int length) {
        events.onDropped(length);
        dropping = FRAME_HEADER + length;
        return drop(start);
    }

    private int passFrame(int start, int length, ByteArrayOutputStream out) {
        passing = FRAME_HEADER + length;
        return pass(start, out);
    }

    private int headers(int start, int length, ByteArrayOutputStream out) {
        if (pending.length - start < FRAME_HEADER + length) {
            return 0;
        }
        rewrite(start, length, out);
        return FRAME_HEADER + length;
    }

    private boolean isWholeBlock(int start, int length) {
        return (octet(start + 4) & END_HEADERS) != 0 && length <= MAX_FRAME;
    }

    private synchronized void remember(int stream) {
        resets.add(stream);
        if (resets.size() > MAX_RESETS) {
            resets.removeFirst();
        }
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

    private int stream(int start) {
        return ((octet(start + 5) & 0x7F) << 24)
                | (octet(start + 6) << 16)
                | (octet(start + 7) << 8)
                | octet(start + 8);
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
