package dev.heddle.http.tls;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.HelidonSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Helidon's socket in the shape that the JDK's TLS wants. The address is left out: a server's end
/// has no use for its peer's name.
final class SocketView extends Socket {
    private final HelidonSocket socket;
    private final InputStream in = new Input();
    private final OutputStream out = new Output();
    private volatile boolean closed;

    SocketView(HelidonSocket socket) {
        this.socket = socket;
    }

    @Override
    public InputStream getInputStream() {
        return in;
    }

    @Override
    public OutputStream getOutputStream() {
        return out;
    }

    @Override
    public @Nullable InetAddress getInetAddress() {
        return null;
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void shutdownInput() {
        // Helidon's sockets close in both directions at once, which close does.
    }

    @Override
    public void shutdownOutput() {
        // as above
    }

    @Override
    public int getSoTimeout() {
        return 0;
    }

    @Override
    public void setSoTimeout(int timeout) {
        // The watchdog bounds what has to be bounded.
    }

    @Override
    public int getSoLinger() {
        return -1;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        try {
            socket.close();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private final class Input extends InputStream {
        private byte[] chunk = new byte[0];
        private int position;

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, target.length);
            if (length > 0 && position == chunk.length && !next()) {
                return -1;
            }
            var count = Math.min(length, chunk.length - position);
            System.arraycopy(chunk, position, target, offset, count);
            position += count;
            return count;
        }

        @Override
        public int available() {
            return chunk.length - position;
        }

        private boolean next() throws IOException {
            try {
                var read = socket.get();
                chunk = read == null ? new byte[0] : read;
                position = 0;
                return read != null;
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                socket.write(BufferData.createReadOnly(bytes, offset, length));
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
    }
}
