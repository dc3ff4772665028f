package dev.heddle.http.tls;

import io.helidon.common.socket.HelidonSocket;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.locks.ReentrantLock;

/// The server's end of TLS 1.3 and 1.2, which offers HTTP/2 and HTTP/1.1 by ALPN.
///
/// Files that change are noticed when a connection comes, at most once an interval, and hold from
/// that connection on; those that are open live on. Files that can't be used change nothing: half
/// of a renewed pair is what anybody sees who looks while it is written.
public final class TlsServer {
    private static final Logger LOGGER = System.getLogger(TlsServer.class.getName());

    private final TlsSettings settings;
    private final ReentrantLock looking = new ReentrantLock();
    private FileStates read;
    private long lookedAt = System.nanoTime();
    private volatile Terms terms;

    private TlsServer(TlsSettings settings) {
        this.settings = settings;
        // Before the files, or a change between the two would go unnoticed.
        this.read = FileStates.of(settings);
        this.terms = Terms.read(settings);
    }

    /// Reads the files that the settings name.
    ///
    /// @throws IllegalArgumentException if they can't be used, or none are named
    public static TlsServer of(TlsSettings settings) {
        return new TlsServer(settings);
    }

    /// Lays TLS over a socket that a peer has connected to; the handshake is yet to be made.
    public TlsSocket over(HelidonSocket plain) throws IOException {
        look();
        return new TlsSocket(plain, terms.over(new SocketView(plain)));
    }

    private void look() {
        // Whoever comes meanwhile does not wait for the files.
        if (!looking.tryLock()) {
            return;
        }
        try {
            if (System.nanoTime() - lookedAt >= settings.reloadInterval().toNanos()) {
                lookAtFiles();
                lookedAt = System.nanoTime();
            }
        } finally {
            looking.unlock();
        }
    }

    private void lookAtFiles() {
        var current = FileStates.of(settings);
        if (current.equals(read)) {
            return;
        }
        read = current;
        try {
            terms = Terms.read(settings);
            LOGGER.log(Level.INFO, "new files of TLS are in use: {0}", terms.description());
        } catch (IllegalArgumentException e) {
            LOGGER.log(
                    Level.WARNING,
                    "changed files of TLS are of no use, and those before stay in use: {0}",
                    e.getMessage());
        }
    }
}
