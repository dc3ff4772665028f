package dev.heddle.facade.route;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Percent-decoding (RFC 3986, section 2.1) of UTF-8 text, which repairs nothing: what is broken is
/// refused.
///
/// Each method throws [IllegalArgumentException] with the place and the expectation if an escape is
/// cut or not hexadecimal, if the text has a character that no URI has, or if the bytes aren't
/// UTF-8.
public final class PercentEncoding {
    private static final int SHOWN = 64;

    private PercentEncoding() {}

    /// Decodes one segment of a path.
    public static String decode(String text) {
        return decode(text, false, false);
    }

    /// Decodes several segments of a path, in which `%2F` stays as it is, so that it can be told
    /// from the slashes between segments.
    static String decodeSegments(String text) {
        return decode(text, true, false);
    }

    /// Decodes a name or a value of a query, in which `+` is a space.
    public static String decodeQuery(String text) {
        return decode(text, false, true);
    }

    private static String decode(String text, boolean keepsSlash, boolean plusIsSpace) {
        if (isPlain(text, plusIsSpace)) {
            return text;
        }
        var bytes = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int octet = octet(text, i);
                if (octet == '/' && keepsSlash) {
                    bytes.writeBytes(text.substring(i, i + 3).getBytes(StandardCharsets.US_ASCII));
                } else {
                    bytes.write(octet);
                }
                i += 2;
            } else {
                bytes.write(c == '+' && plusIsSpace ? ' ' : c);
            }
        }
        return utf8(bytes.toByteArray(), text);
    }

    private static boolean isPlain(String text, boolean plusIsSpace) {
        boolean isPlain = true;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c > '~') {
                throw new IllegalArgumentException(
                        "character U+%04X (expected: percent-encoded as UTF-8)".formatted((int) c));
            }
            isPlain &= c != '%' && !(plusIsSpace && c == '+');
        }
        return isPlain;
    }

    private static int octet(String text, int at) {
        int high = at + 1 < text.length() ? hex(text.charAt(at + 1)) : -1;
        int low = at + 2 < text.length() ? hex(text.charAt(at + 2)) : -1;
        if (high < 0 || low < 0) {
            throw new IllegalArgumentException(
                    "\"%s\" (expected: %% and two hexadecimal digits; %%25 for a percent sign)"
                            .formatted(text.substring(at, Math.min(at + 3, text.length()))));
        }
        return high * 16 + low;
    }

    /// The digit's value, or -1; unlike [Character#digit], of ASCII digits only.
    private static int hex(char c) {
        return c < 128 ? Character.digit(c, 16) : -1;
    }

    private static String utf8(byte[] bytes, String text) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            var shown = text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
            throw new IllegalArgumentException(
                    "\"%s\" (expected: percent-encoded UTF-8)".formatted(shown), e);
        }
    }
}
