package dev.heddle.facade.grpc.helidon;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// A block of compressed header fields (RFC 7541) in which the names of pseudo-header fields are
/// written as Helidon insists on: by their number in the static table. Clients on gRPC's C core,
/// which are those of Python, Ruby and PHP, spell them out, as they may. Nothing else changes, so
/// that the two sides' dynamic tables stay the same.
final class HeaderBlock {
    private static final Map<String, Integer> STATIC_TABLE =
            Map.of(":authority", 1, ":method", 2, ":path", 4, ":scheme", 6);

    private final ByteBuffer in;
    private final ByteArrayOutputStream out;

    private HeaderBlock(byte[] block) {
        this.in = ByteBuffer.wrap(block);
        this.out = new ByteArrayOutputStream(block.length);
    }

    /// The block in Helidon's form; the same block if it can't be read, which is Helidon's to
    /// refuse.
    static byte[] rewritten(byte[] block) {
        try {
            return new HeaderBlock(block).rewrite();
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return block;
        }
    }

    private byte[] rewrite() {
        while (in.hasRemaining()) {
            var first = in.get(in.position()) & 0xFF;
            if ((first & 0x80) != 0) {
                copyInteger(7);
            } else if ((first & 0x40) != 0) {
                literal(6);
            } else if ((first & 0x20) != 0) {
                copyInteger(5);
            } else {
                literal(4);
            }
        }
        return out.toByteArray();
    }

    /// A field whose number in the table, if its name has one, takes so many bits.
    private void literal(int bits) {
        var start = in.position();
        if (readInteger(bits) != 0) {
            copySince(start);
        } else {
            var name = readString();
            var number = STATIC_TABLE.get(name);
            if (number == null) {
                copySince(start);
            } else {
                out.write((in.get(start) & 0xFF) | number);
            }
        }
        var value = in.position();
        readString();
        copySince(value);
    }

    private void copyInteger(int bits) {
        var start = in.position();
        readInteger(bits);
        copySince(start);
    }

    private void copySince(int start) {
        out.write(in.array(), start, in.position() - start);
    }

    /// A string as it stands; none of the names in question is shorter by Huffman's code than it
    /// would be by its number, so nobody encodes them so.
    private String readString() {
        var length = readInteger(7);
        var start = in.position();
        in.position(Math.addExact(start, length));
        return new String(in.array(), start, length, StandardCharsets.ISO_8859_1);
    }

    private int readInteger(int bits) {
        var max = (1 << bits) - 1;
        var value = in.get() & max;
        if (value < max) {
            return value;
        }
        for (var shift = 0; shift <= 21; shift += 7) {
            var next = in.get();
            value += (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("an integer without end");
    }
}
