package dev.heddle.facade.envelope;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// The one compression that is understood besides none.
public final class Gzip {
    /// Its name, as header fields have it.
    public static final String NAME = "gzip";

    /// The encodings that a caller may use, as `grpc-accept-encoding` has them.
    public static final String ACCEPTED = "identity,gzip";

    private Gzip() {}

    public static byte[] deflate(byte[] bytes) throws IOException {
        return deflate(bytes, 0);
    }

    /// What stands from an offset on.
    static byte[] deflate(byte[] bytes, int offset) throws IOException {
        var length = bytes.length - offset;
        var deflated = new ByteArrayOutputStream(length / 4);
        try (var out = new GZIPOutputStream(deflated, Math.clamp(length, 1, 4096))) {
            out.write(bytes, offset, length);
        }
        return deflated.toByteArray();
    }

    /// What was deflated, or as much of it as is asked for.
    ///
    /// @param max how many bytes to take at most
    /// @throws IOException for bytes that are not gzip
    public static byte[] inflate(byte[] bytes, int max) throws IOException {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return in.readNBytes(max);
        }
    }
}
