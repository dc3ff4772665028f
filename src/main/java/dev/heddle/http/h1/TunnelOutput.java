package dev.heddle.http.h1;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/// What is sent on a connection that speaks another protocol.
final class TunnelOutput extends OutputStream {
    private final ConnectionOutput output;
    private volatile boolean closed;

    TunnelOutput(ConnectionOutput output) {
        this.output = output;
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, source.length);
        if (closed) {
            throw new IOException("the tunnel was closed");
        }
        output.write(source, offset, length);
    }

    @Override
    public void close() {
        closed = true;
    }
}
