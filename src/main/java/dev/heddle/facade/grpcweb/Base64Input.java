package dev.heddle.facade.grpcweb;

import dev.heddle.http.BodyMalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/// Reads base64, in which padding may come at the end of any piece, however it is cut on its way.
/// Line breaks, which tools put in, are passed over.
final class Base64Input extends InputStream {
    private static final int SIZE = 4096;
    private static final int GROUP = 4;
    private static final byte PADDING = -2;
    private static final byte BREAK = -3;
    private static final byte[] VALUES = values();

    private final InputStream in;
    private final byte[] encoded = new byte[SIZE];
    // Room for the groups that begin before a piece and end within it.
    private final byte[] decoded = new byte[SIZE];
    private int position;
    private int limit;

    /// The values of the characters of a group that has begun, and how many there are of them.
    private final byte[] group = new byte[GROUP];

    private int inGroup;

    Base64Input(InputStream in) {
        this.in = in;
    }

    private static byte[] values() {
        var values = new byte[256];
        Arrays.fill(values, (byte) -1);
        var alphabet =
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
                        .getBytes(StandardCharsets.US_ASCII);
        for (var i = 0; i < alphabet.length; i++) {
            values[alphabet[i]] = (byte) i;
        }
        values['='] = PADDING;
        values['\r'] = BREAK;
        values['\n'] = BREAK;
        return values;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        while (position == limit && length > 0) {
            if (!decodeMore()) {
                return -1;
            }
        }
        var count = Math.min(length, limit - position);
        System.arraycopy(decoded, position, target, offset, count);
        position += count;
        return count;
    }

    /// Decodes what has arrived, which may be less than a group.
    ///
    /// @return whether more can come
    private boolean decodeMore() throws IOException {
        var count = in.read(encoded);
        position = 0;
        limit = 0;
        if (count < 0) {
            if (inGroup != 0) {
                throw malformed("ends within a group of four characters");
            }
            return false;
        }
        for (var i = 0; i < count; i++) {
            add(VALUES[encoded[i] & 0xFF]);
        }
        return true;
    }

    private void add(byte value) throws BodyMalformedException {
        if (value == BREAK) {
            return;
        }
        if (value == -1) {
            throw malformed("has another character");
        }
        var isMisplaced = value == PADDING ? inGroup < 2 : inGroup == 3 && group[2] == PADDING;
        if (isMisplaced) {
            throw malformed("has misplaced padding");
        }
        group[inGroup++] = value;
        if (inGroup == GROUP) {
            inGroup = 0;
            decodeGroup();
        }
    }

    private void decodeGroup() {
        decoded[limit++] = (byte) (group[0] << 2 | group[1] >> 4);
        if (group[2] != PADDING) {
            decoded[limit++] = (byte) (group[1] << 4 | group[2] >> 2);
        }
        if (group[3] != PADDING) {
            decoded[limit++] = (byte) (group[2] << 6 | group[3]);
        }
    }

    private static BodyMalformedException malformed(String what) {
        return new BodyMalformedException("it %s (expected: base64)".formatted(what));
    }
}
