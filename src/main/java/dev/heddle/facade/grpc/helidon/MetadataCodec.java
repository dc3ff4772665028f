package dev.heddle.facade.grpc.helidon;

import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import java.util.Base64;
import java.util.List;

/// Between gRPC's metadata, where binary values are bytes, and headers, where they are base64.
final class MetadataCodec {
    private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getDecoder();

    private MetadataCodec() {}

    /// The headers that metadata stands for.
    static Headers toHeaders(Metadata metadata) {
        var headers = Headers.builder();
        for (var name : metadata.keys()) {
            if (isBinary(name)) {
                values(metadata, binary(name))
                        .forEach(value -> headers.add(name, ENCODER.encodeToString(value)));
            } else {
                values(metadata, ascii(name)).forEach(value -> headers.add(name, value));
            }
        }
        return headers.build();
    }

    /// The metadata that headers stand for.
    ///
    /// @throws RpcException INVALID_ARGUMENT for a binary value that is not base64
    static Metadata toMetadata(Headers headers) {
        var metadata = new Metadata();
        headers.forEach((name, value) -> {
            if (isBinary(name)) {
                for (var part : value.split(",", -1)) {
                    metadata.put(binary(name), decode(name, part.strip()));
                }
            } else {
                metadata.put(ascii(name), value);
            }
        });
        return metadata;
    }

    private static byte[] decode(String name, String value) {
        try {
            return DECODER.decode(value);
        } catch (IllegalArgumentException e) {
            throw new RpcException(
                    Code.INVALID_ARGUMENT, "%s: %s (expected: base64)".formatted(name, value));
        }
    }

    private static <T> Iterable<T> values(Metadata metadata, Metadata.Key<T> key) {
        var values = metadata.getAll(key);
        return values == null ? List.of() : values;
    }

    private static boolean isBinary(String name) {
        return name.endsWith(Metadata.BINARY_HEADER_SUFFIX);
    }

    private static Metadata.Key<byte[]> binary(String name) {
        return Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER);
    }

    private static Metadata.Key<String> ascii(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }
}
