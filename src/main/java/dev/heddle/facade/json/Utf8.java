package dev.heddle.facade.json;

/// UTF-8 straight between arrays.
final class Utf8 {
    private Utf8() {}

    /// How many bytes a text takes, if it is well-formed.
    static int size(char[] text, int offset, int length) {
        var size = length;
        for (var i = offset; i < offset + length; i++) {
            var unit = text[i];
            // one more beyond ASCII, another beyond 11 bits; a surrogate pair is four bytes
            size += ((0x7F - unit) >>> 31) + ((0x7FF - unit) >>> 31);
            if (Character.isSurrogate(unit)) {
                size--;
            }
        }
        return size;
    }

    /// Encodes a text into an array that has room for it.
    ///
    /// @return the position behind it, or -1 if the text isn't well-formed
    static int encode(char[] text, int offset, int length, byte[] into, int at) {
        var position = at;
        var end = offset + length;
        for (var i = offset; i < end; i++) {
            var unit = text[i];
            if (unit < 0x80) {
                into[position++] = (byte) unit;
            } else if (unit < 0x800) {
                into[position++] = (byte) (0xC0 | (unit >>> 6));
                into[position++] = continuation(unit);
            } else if (!Character.isSurrogate(unit)) {
                into[position++] = (byte) (0xE0 | (unit >>> 12));
                into[position++] = continuation(unit >>> 6);
                into[position++] = continuation(unit);
            } else if (++i == end || !Character.isSurrogatePair(unit, text[i])) {
                return -1;
            } else {
                var codePoint = Character.toCodePoint(unit, text[i]);
                into[position++] = (byte) (0xF0 | (codePoint >>> 18));
                into[position++] = continuation(codePoint >>> 12);
                into[position++] = continuation(codePoint >>> 6);
                into[position++] = continuation(codePoint);
            }
        }
        return position;
    }

    private static byte continuation(int bits) {
        return (byte) (0x80 | (bits & 0x3F));
    }
}
