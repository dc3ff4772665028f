package dev.heddle.http.tls;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
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
    private volatile PeerInfo peer;
    private volatile boolean closed;

    TlsSocket(HelidonSocket plain, SSLSocket tls) throws IOException {
        this.plain = plain;
        this.tls = tls;
        this.in = tls.getInputStream();
        this.out = tls.getOutputStream();
        this.peer = plain.remotePeer();
    }

    /// Makes the handshake; blocks as long as the peer takes.
    public void shakeHands() throws IOException {
        tls.startHandshake();
        var session = tls.getSession();
        var chain = chain(session);
        if (!chain.isEmpty()) {
            checkValidity(chain.getFirst());
            peer = new TlsPeer(peer, chain);
        }
        if (session.getProtocol().equals("TLSv1.2")) {
            // RFC 9113, section 9.2.1 forbids to negotiate again, which peers could do without end.
            tls.setEnableSessionCreation(false);
        }
    }

    /// What the peer has shown of itself; empty where it has not.
    private static List<X509Certificate> chain(SSLSession session) {
        try {
            return Arrays.stream(session.getPeerCertificates())
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException _) {
            return List.of();
        }
    }

    /// The handshake has, unless it resumed a session from before the certificate expired.
    private static void checkValidity(X509Certificate certificate) throws IOException {
        try {
            certificate.checkValidity();
        } catch (CertificateException e) {
            throw new SSLException("the client's certificate is not valid now", e);
        }
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
        return peer;
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
