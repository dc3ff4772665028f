package dev.heddle.http.websocket;

import dev.heddle.http.Exchange;
import dev.heddle.http.Tunnel;
import dev.heddle.http.carrier.Allowance;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The server's end of a WebSocket.
///
/// One thread calls [#receive] until it has nothing more to give, and then [#finish]; any thread
/// may send, close and abort. Pings are answered while somebody receives. Its owner calls [#tick]
/// now and then: what takes too long ends by that.
public final class WebSocket {
    private static final Logger LOGGER = System.getLogger(WebSocket.class.getName());
    private static final byte[] NOTHING = new byte[0];

    /// How long a peer that broke the protocol is listened to: closing at once could cost it the
    /// close frame.
    private static final Duration LINGER = Duration.ofSeconds(1);

    private static final long NEVER = 0;

    private final Exchange exchange;
    private final Tunnel tunnel;
    private final Settings settings;
    private final boolean compresses;
    private final Liveness liveness;
    private final Allowance controlFrames;
    private final FrameReader frames;
    private final MessageAssembly assembly;
    private final FrameWriter control;
    private final MessageWriter messages;
    private boolean isClosedByPeer;
    private volatile boolean isClosing;
    private volatile long closeDeadline = NEVER;

    WebSocket(Exchange exchange, Tunnel tunnel, boolean compresses, Settings settings) {
        this.exchange = exchange;
        this.tunnel = tunnel;
        this.compresses = compresses;
        this.settings = settings;
        this.liveness = new Liveness(settings.pingInterval(), settings.pongTimeout());
        this.controlFrames = new Allowance(settings.maxControlFrames(), System.nanoTime());
        this.frames = new FrameReader(new HeardInput(), compresses);
        this.assembly = new MessageAssembly(settings.maxMessageSize());
        this.control = new FrameWriter(tunnel.output());
        this.messages = new MessageWriter(control, compresses);
    }

    /// Waits for the next message; empty once the peer has closed. What comes behind our own close
    /// frame is dropped.
    ///
    /// @throws WebSocketException if the peer breaks the protocol: the socket is then to be closed
    ///   with its status, and nothing more can be received
    /// @throws IOException if the peer has gone without closing
    public Optional<WebSocketMessage> receive() throws IOException {
        while (!isClosedByPeer) {
            var header = frames.next();
            checkUse(header);
            if (header.opcode().isControl()) {
                obey(header.opcode(), frames.controlPayload());
            } else if (isClosing) {
                skipPayload();
            } else {
                assembly.take(header, frames);
                if (header.isFinal()) {
                    return Optional.of(assembly.end());
                }
            }
        }
        return Optional.empty();
    }

    /// Sends a message, and waits while the peer is slow.
    ///
    /// @throws IOException if the socket is closed or the peer has gone
    public void send(WebSocketMessage message) throws IOException {
        messages.write(message);
    }

    /// Sends messages, in as few pieces as may be.
    ///
    /// @throws IOException if the socket is closed or the peer has gone, after any number of them
    public void sendAll(List<WebSocketMessage> all) throws IOException {
        messages.writeAll(all);
    }

    /// Whether messages are compressed, as the peer agreed to.
    public boolean compresses() {
        return compresses;
    }

    /// Sends a message and closes the socket, so that nobody's message gets in between; see
    /// [#close].
    ///
    /// @throws IOException if the socket was closed before or the peer has gone
    public void sendLast(WebSocketMessage message, CloseStatus status) throws IOException {
        messages.writeLast(message, status);
        beginClosing();
    }

    /// Says that nothing more will be sent, if that was not said before. The peer has
    /// `websocket.close-timeout` to do likewise.
    public void close(CloseStatus status) throws IOException {
        messages.writeClose(status);
        beginClosing();
    }

    /// Ends the exchange, once the peer has closed too or its time for that is over. To be called
    /// by the thread that received, behind [#close].
    public void finish() throws IOException {
        assembly.close();
        if (!isClosedByPeer) {
            linger();
        }
        tunnel.output().close();
    }

    /// Cuts the connection.
    public void abort() {
        exchange.abort();
    }

    /// Asks a silent peer for a sign of life, and cuts what takes too long. Doesn't block.
    ///
    /// @param now the current [System#nanoTime]
    public void tick(long now) {
        var deadline = closeDeadline;
        if (deadline != NEVER) {
            if (now - deadline > 0) {
                abort();
            }
            return;
        }
        switch (liveness.check(now)) {
            case NOTHING -> {}
            case PING -> Thread.ofVirtual().name("heddle-ping").start(this::ping);
            case CUT -> abort();
        }
    }

    private void ping() {
        try {
            control.writeControl(Opcode.PING, NOTHING);
            liveness.asked();
        } catch (IOException e) {
            // whoever receives learns of it too
            LOGGER.log(Level.DEBUG, "a peer could not be asked for a sign of life", e);
        }
    }

    private void checkUse(FrameHeader header) throws WebSocketException {
        var isEmpty = header.length() == 0 && !header.isFinal();
        if ((isEmpty || header.opcode().isControl()) && !controlFrames.take(System.nanoTime())) {
            throw WebSocketException.tooMany(settings.maxControlFrames());
        }
    }

    private void obey(Opcode opcode, byte[] payload) throws IOException {
        switch (opcode) {
            case PING -> control.writeControl(Opcode.PONG, payload);
            case CLOSE -> {
                var status = CloseStatus.parse(payload);
                isClosedByPeer = true;
                isClosing = true;
                messages.writeClose(new CloseStatus(status.code(), ""));
            }
            case PONG, CONTINUATION, TEXT, BINARY -> {}
        }
    }

    private void skipPayload() throws IOException {
        var scrap = new byte[4096];
        while (frames.payload(scrap) > 0) {
            // Nobody wants it any more.
        }
    }

    private void beginClosing() {
        isClosing = true;
        if (closeDeadline == NEVER) {
            closeDeadline = deadlineIn(settings.closeTimeout());
        }
    }

    private void linger() throws IOException {
        var linger = deadlineIn(LINGER);
        if (closeDeadline == NEVER || closeDeadline - linger > 0) {
            closeDeadline = linger;
        }
        var scrap = new byte[4096];
        while (tunnel.input().read(scrap) >= 0) {
            // Where frames begin is not known any more.
        }
    }

    private static long deadlineIn(Duration duration) {
        return (System.nanoTime() + duration.toNanos()) | 1;
    }

    /// What arrives, with a note that it did.
    private final class HeardInput extends InputStream {
        @Override
        public int read() throws IOException {
            var next = tunnel.input().read();
            liveness.heard();
            return next;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            var count = tunnel.input().read(target, offset, length);
            liveness.heard();
            return count;
        }
    }
}
