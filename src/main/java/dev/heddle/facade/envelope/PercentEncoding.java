package dev.heddle.facade.envelope;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// The form of `grpc-message`: printable ASCII as it is, all other bytes of the text's UTF-8 as
/// `%XX`; so are spaces at its ends, with which no field value may begin or end (RFC 9110, section
/// 5.5).
public final class PercentEncoding {
    private static final byte[] DIGITS = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private PercentEncoding() {}

    /// The text as the value of a header field.
    public static String encode(String text) {
        return isPlain(text) ? text : encode(text.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isPlain(String text) {
        for (var i = 0; i < text.length(); i++) {
            if (!isPlain(text.charAt(i))) {
                return false;
            }
        }
        return !text.startsWith(" ") && !text.endsWith(" ");
    }

    private static boolean isPlain(int character) {
        return character >= ' ' && character <= '~' && character != '%';
    }

    private static String encode(byte[] octets) {
        var encoded = new ByteArrayOutputStream(octets.length * 3);
        for (var i = 0; i < octets.length; i++) {
            var octet = octets[i];
            var isAtEnd = i == 0 || i == octets.length - 1;
            if (isPlain(octet) && !(isAtEnd && octet == ' ')) {
                encoded.write(octet);
            } else {
                encoded.write('%');
                encoded.write(DIGITS[octet >> 4 & 0xF]);
                encoded.write(DIGITS[octet & 0xF]);
            }
        }
        return encoded.toString(StandardCharsets.US_ASCII);
    }
}
