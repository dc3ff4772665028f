package dev.heddle.http.h2;

import dev.heddle.http.carrier.AnsweringHandler;
import dev.heddle.http.carrier.Http2Upgrade;
import dev.heddle.http.carrier.PeerCertificate;
import dev.heddle.http.carrier.Settings;
import dev.heddle.http.carrier.Watchdog;
import io.helidon.common.socket.HelidonSocket;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.cert.X509Certificate;
import java.util.Optional;

/// One HTTP/2 connection. Its thread reads frames and never waits for a stream; each stream is
/// served on a thread of its own; one more thread writes.
public final class Http2Connection implements Watchdog.Watched {
    private static final Logger LOGGER = System.getLogger(Http2Connection.class.getName());

    private final HelidonSocket socket;
    private final Settings settings;
    private final Http2Settings http2;
    private final FrameReader frames;
    private final ConnectionWriter writer;
    private final Streams streams;
    private final Lifetime life;
    private final FrameDispatcher dispatcher;
    private final ReceiveWindow window;
    private final String peer;

    /// @param first what was read from the socket before
    public Http2Connection(
            HelidonSocket socket,
            byte[] first,
            Settings settings,
            Http2Settings http2,
            AnsweringHandler handler) {
        this.socket = socket;
        this.settings = settings;
        this.http2 = http2;
        this.frames = new FrameReader(socket, first, http2.maxFrameSize());
        this.writer = new ConnectionWriter(socket, settings.writeTimeout(), this::abort);
        this.streams = new Streams(writer, handler, http2.maxConcurrentStreams());
        this.life = new Lifetime(settings, http2, writer, this::abort);
        this.window = new ReceiveWindow(http2.connectionWindow());
        this.dispatcher = new FrameDispatcher(this, frames, streams, life);
        var remote = socket.remotePeer();
        this.peer = remote.host() + ":" + remote.port();
        greet();
    }

    /// Returns when the connection is to be closed.
    public void serve() {
        serve(Optional.empty());
    }

    /// Serves a request that came over HTTP/1.1, and those that follow. Returns when the connection
    /// is to be closed.
    public void serve(Http2Upgrade upgrade) {
        serve(Optional.of(upgrade));
    }

    private void serve(Optional<Http2Upgrade> upgrade) {
        writer.start();
        try {
            if (frames.readPreface()) {
                // Not before: some clients lose what comes while they change over.
                if (upgrade.isPresent()) {
                    dispatcher.takeUp(upgrade.get());
                }
                dispatcher.run();
            }
        } catch (ConnectionException e) {
            LOGGER.log(Level.DEBUG, "{0} by {1}: {2}", e.code(), peer, e.getMessage());
            fail(e);
        } catch (RuntimeException e) {
            LOGGER.log(Level.ERROR, "a connection failed", e);
            fail(new ConnectionException(ErrorCode.INTERNAL_ERROR, "internal error"));
        } finally {
            streams.loseAll();
            writer.close();
        }
    }

    private void fail(ConnectionException fault) {
        life.fail(fault);
        streams.loseAll();
        frames.skipAll();
    }

    @Override
    public void tick(long now) {
        life.tick(now, !streams.isEmpty(), dispatcher.headersSince());
    }

    @Override
    public void drain() {
        life.drain();
    }

    @Override
    public void abort() {
        writer.close();
        try {
            socket.close();
        } catch (UncheckedIOException e) {
            LOGGER.log(Level.DEBUG, "a connection was not closed well", e);
        }
    }

    Settings settings() {
        return settings;
    }

    Http2Settings http2() {
        return http2;
    }

    ConnectionWriter writer() {
        return writer;
    }

    ReceiveWindow window() {
        return window;
    }

    boolean isSecure() {
        return socket.isSecure();
    }

    Optional<X509Certificate> clientCertificate() {
        return PeerCertificate.of(socket.remotePeer());
    }

    String peer() {
        return peer;
    }

    void reset(Http2Stream stream, ErrorCode code) {
        streams.reset(stream, code);
    }

    /// Notes that bytes of a request were used, so that the peer may send as many again.
    void used(int count) {
        var update = count == 0 ? 0 : window.giveBack(count);
        if (update > 0) {
            writer.control(out -> out.windowUpdate(0, update));
        }
    }

    private void greet() {
        writer.control(out -> {
            out.settings(
                    Frame.SETTINGS_MAX_CONCURRENT_STREAMS,
                    http2.maxConcurrentStreams(),
                    Frame.SETTINGS_INITIAL_WINDOW_SIZE,
                    http2.streamWindow(),
                    Frame.SETTINGS_MAX_FRAME_SIZE,
                    http2.maxFrameSize(),
                    Frame.SETTINGS_MAX_HEADER_LIST_SIZE,
                    settings.maxHeaderSize());
            var more = http2.connectionWindow() - Frame.DEFAULT_WINDOW;
            if (more > 0) {
                out.windowUpdate(0, more);
            }
        });
    }
}
