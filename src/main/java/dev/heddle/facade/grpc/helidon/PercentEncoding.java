package dev.heddle.facade.grpc.helidon;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// The form of `grpc-message`: printable ASCII as it is, all other bytes of the text's UTF-8 as
/// `%XX`.
final class PercentEncoding {
    private static final byte[] DIGITS = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

    private PercentEncoding() {}

    static String encode(String text) {
        var encoded = new ByteArrayOutputStream(text.length());
        for (var octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (octet >= ' ' && octet <= '~' && octet != '%') {
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
