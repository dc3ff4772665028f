package dev.heddle.facade.grpc;

import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// Sends bytes for messages, so that they may be wrong.
final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    static MethodDescriptor<byte[], byte[]> method(MethodDescriptor<?, ?> method) {
        return method.toBuilder(new Bytes(), new Bytes()).build();
    }

    @Override
    public InputStream stream(byte[] value) {
        return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
        try {
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
