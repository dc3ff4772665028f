package dev.heddle.facade.grpcweb;

import dev.heddle.facade.envelope.Envelope;
import dev.heddle.rpc.Headers;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// The last envelope of a response: its trailers, as HTTP/1.1 writes a block of header fields.
final class TrailersEnvelope {
    private static final int TRAILERS = 0x80;
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern VALUE = Pattern.compile("[\\t -~\\x80-\\xff]*");

    private TrailersEnvelope() {}

    /// @throws IllegalArgumentException for a field that would not be read as it was set
    static byte[] of(Headers trailers) {
        var block = new StringBuilder();
        trailers.forEach((name, value) -> {
            if (!NAME.matcher(name).matches() || !VALUE.matcher(value).matches()) {
                throw new IllegalArgumentException(
                        "trailer %s: can't be sent (expected: a token, and a value without controls)"
                                .formatted(name));
            }
            block.append(name).append(": ").append(value).append("\r\n");
        });
        return Envelope.of(TRAILERS, block.toString().getBytes(StandardCharsets.ISO_8859_1));
    }
}
