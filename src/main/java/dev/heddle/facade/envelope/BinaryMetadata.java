package dev.heddle.facade.envelope;

import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.util.Base64;

/// Metadata whose name ends in `-bin`: base64, with or without padding, and with commas between
/// values that share a field.
public final class BinaryMetadata {
    private static final String SUFFIX = "-bin";
    private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getDecoder();

    private BinaryMetadata() {}

    /// The headers with each binary value by itself and without padding.
    ///
    /// @throws RpcException INVALID_ARGUMENT for a value that is not base64
    public static Headers normalized(Headers headers) {
        return headers.hasName(BinaryMetadata::isBinary) ? rebuilt(headers) : headers;
    }

    private static Headers rebuilt(Headers headers) {
        var rebuilt = Headers.builder();
        headers.forEach((name, value) -> {
            if (isBinary(name)) {
                for (var part : value.split(",", -1)) {
                    rebuilt.add(name, normalized(name, part.strip()));
                }
            } else {
                rebuilt.add(name, value);
            }
        });
        return rebuilt.build();
    }

    private static boolean isBinary(String name) {
        return name.endsWith(SUFFIX);
    }

    private static String normalized(String name, String value) {
        try {
            return ENCODER.encodeToString(DECODER.decode(value));
        } catch (IllegalArgumentException e) {
            throw new RpcException(
                    Code.INVALID_ARGUMENT, "%s: %s (expected: base64)".formatted(name, value));
        }
    }
}
