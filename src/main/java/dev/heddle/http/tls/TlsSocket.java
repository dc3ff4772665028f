package dev.heddle.http.tls;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// A socket under TLS. [#close] cuts it at once, whoever reads or writes; [#end] says good-bye.
public final class TlsSocket implements HelidonSocket {
    private static final int BUFFER_SIZE = 16 * 1024;

    private final HelidonSocket plain;
    private final SSLSocket tls;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER_SIZE];
    private volatile boolean closed;

    TlsSocket(HelidonSocket plain, SSLSocket tls) throws IOException {
        this.plain = plain;
        this.tls = tls;
        this.in = tls.getInputStream();
        this.out = tls.getOutputStream();
    }

    /// Makes the handshake; blocks as long as the peer takes.
    public void shakeHands() throws IOException {
        tls.startHandshake();
    }

    /// Tells the peer that nothing more follows, and closes; blocks as long as the peer takes.
    public void end() throws IOException {
        tls.close();
    }

    @Override
    public void close() {
        closed = true;
        plain.close();
    }

    @Override
    public void idle() {
        throw new UnsupportedOperationException("for clients");
    }

    @Override
    public boolean isConnected() {
        return !closed && plain.isConnected();
    }

    @Override
    public int read(BufferData target) {
        return target.readFrom(in);
    }

    @Override
    public void write(BufferData source) {
        source.writeTo(out);
    }

    @Override
    public byte @Nullable [] get() {
        try {
            var count = in.read(buffer);
            return count < 0 ? null : Arrays.copyOf(buffer, count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean protocolNegotiated() {
        return !protocol().isEmpty();
    }

    /// What ALPN came to; empty where the client did not ask.
    @Override
    public String protocol() {
        return tls.getApplicationProtocol();
    }

    @Override
    public boolean isSecure() {
        return true;
    }

    @Override
    public PeerInfo remotePeer() {
        return plain.remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
        return plain.localPeer();
    }

    @Override
    public String socketId() {
        return plain.socketId();
    }

    @Override
    public String childSocketId() {
        return plain.childSocketId();
    }
}
