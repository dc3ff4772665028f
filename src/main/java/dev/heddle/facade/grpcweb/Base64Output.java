package dev.heddle.facade.grpcweb;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Base64;

/// Writes bytes as base64, each piece padded by itself, so that it can be read as soon as it is
/// there.
final class Base64Output extends FilterOutputStream {
    Base64Output(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        var piece =
                offset == 0 && length == bytes.length
                        ? bytes
                        : Arrays.copyOfRange(bytes, offset, offset + length);
        out.write(Base64.getEncoder().encode(piece));
    }

    /// Without the flush before it, which would tear the last piece from the end.
    @Override
    public void close() throws IOException {
        out.close();
    }
}
