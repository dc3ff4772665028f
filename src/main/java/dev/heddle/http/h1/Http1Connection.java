package dev.heddle.http.h1;

import dev.heddle.http.ExchangeHandler;
import dev.heddle.http.carrier.ErrorBody;
import dev.heddle.http.carrier.Http2Upgrade;
import dev.heddle.http.carrier.PeerCertificate;
import dev.heddle.http.carrier.Settings;
import dev.heddle.http.carrier.Watchdog;
import dev.heddle.rpc.Headers;
import io.helidon.common.socket.HelidonSocket;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Serves the requests of one HTTP/1.1 connection, one after the other, on one thread.
///
/// The phase is what the watchdog and that thread agree on: whoever moves it on first decides
/// whether a request that comes late is still served.
public final class Http1Connection implements Watchdog.Watched {
    private static final Logger LOGGER = System.getLogger(Http1Connection.class.getName());

    /// A call that is shorter does not get a thread that waits for the peer's end.
    private static final Duration WATCH_AFTER = Duration.ofMillis(20);

    private static final Duration LINGER = Duration.ofSeconds(1);

    private final HelidonSocket socket;
    private final Settings settings;
    private final ExchangeHandler handler;
    private final BooleanSupplier draining;
    private final boolean offersHttp2;
    private final ConnectionInput input;
    private final ConnectionOutput output;
    private final RequestHeadParser heads;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.HEAD);
    private volatile long phaseStart = System.nanoTime();
    private volatile @Nullable Http1Exchange exchange;
    private Optional<Http2Upgrade> upgrade = Optional.empty();

    private enum Phase {
        IDLE,
        HEAD,
        EXCHANGE,
        ENDED
    }

    /// @param first what was read from the socket before
    /// @param offersHttp2 whether a request may have the connection go on as HTTP/2
    public Http1Connection(
            HelidonSocket socket,
            byte[] first,
            Settings settings,
            ExchangeHandler handler,
            BooleanSupplier draining,
            boolean offersHttp2) {
        this.socket = socket;
        this.settings = settings;
        this.handler = handler;
        this.draining = draining;
        this.offersHttp2 = offersHttp2;
        var longestLine = Math.max(settings.maxPrologueSize(), settings.maxHeaderSize()) + 2;
        this.input = new ConnectionInput(socket, first, longestLine, this::peerGone);
        this.output = new ConnectionOutput(socket, this::peerGone);
        this.heads = new RequestHeadParser(new LineReader(input, input::more), settings);
    }

    /// Returns when the connection is to be closed.
    ///
    /// @return a request with which it goes on as HTTP/2 instead
    public Optional<Http2Upgrade> serve() throws IOException {
        try {
            while (awaitRequest() && serveOne()) {
                // Every request is awaited and served in the condition.
            }
        } catch (RefusedException e) {
            refuse(e);
        } finally {
            phase.set(Phase.ENDED);
        }
        return upgrade;
    }

    /// What has arrived and was not served.
    public byte[] rest() {
        return input.pollAll();
    }

    private boolean awaitRequest() throws IOException {
        if (!input.isEmpty()) {
            return phase.get() == Phase.HEAD || move(Phase.IDLE, Phase.HEAD);
        }
        return input.more(0) && move(Phase.IDLE, Phase.HEAD);
    }

    private boolean serveOne() throws IOException, RefusedException {
        var head = heads.next();
        if (!move(Phase.HEAD, Phase.EXCHANGE)) {
            return false;
        }
        if (offersHttp2 && !isDraining()) {
            var request = UpgradeRequest.of(head);
            if (request.isPresent()) {
                output.write(ResponseHead.switchingTo(UpgradeRequest.PROTOCOL, Headers.empty()));
                upgrade = Optional.of(request.get().granted());
                return false;
            }
        }
        var body = new RequestBody(head, input, output, settings);
        var current = new Http1Exchange(this, head, body, input, output);
        exchange = current;
        try {
            handler.handle(current);
        } finally {
            end(current);
            input.stopReadingAhead();
            // Meant for the call that is over; the next read of the socket would close it.
            var _ = Thread.interrupted();
        }
        if (!current.isComplete()) {
            abort();
            return false;
        }
        if (current.closes()) {
            lingerUnless(body.isFinished() && input.isEmpty());
            return false;
        }
        return move(Phase.EXCHANGE, Phase.IDLE) && !isDraining();
    }

    private synchronized void end(Http1Exchange current) {
        exchange = null;
        current.peerWatch().end();
    }

    /// Cuts the connection if it still serves this exchange.
    synchronized void abort(Http1Exchange aborted) {
        if (aborted.equals(exchange)) {
            abort();
        }
    }

    private boolean move(Phase from, Phase to) {
        phaseStart = System.nanoTime();
        return phase.compareAndSet(from, to);
    }

    private void refuse(RefusedException refusal) throws IOException {
        if (move(Phase.HEAD, Phase.ENDED)) {
            LOGGER.log(Level.DEBUG, "refused a request from {0}: {1}", peer(), refusal.status());
            send(refusal.body());
            lingerUnless(false);
        }
    }

    private void send(ErrorBody error) throws IOException {
        var bytes = error.toBytes();
        var head = new ResponseHead(error.status(), ErrorBody.headers(), false, true);
        output.write(head.toBytes(bytes.length), bytes, 0, bytes.length);
    }

    /// A socket that is closed while there is something to read in it resets the connection, and
    /// the peer may lose the response: so what still comes is dropped for a moment.
    private void lingerUnless(boolean nothingComes) {
        if (nothingComes) {
            return;
        }
        var end = System.nanoTime() + LINGER.toNanos();
        var scrap = new byte[8 * 1024];
        try {
            while (System.nanoTime() < end) {
                if (input.poll(scrap, 0, scrap.length) == 0
                        && !input.more(0, Duration.ofNanos(end - System.nanoTime()), () -> false)) {
                    return;
                }
            }
        } catch (IOException _) {
            // The time is up: the connection is closed in any case.
        }
    }

    @Override
    public void tick(long now) {
        var current = phase.get();
        var age = now - phaseStart;
        if (output.isStalled(now, settings.writeTimeout())) {
            abort();
            return;
        }
        switch (current) {
            case IDLE -> {
                if (age > settings.idleTimeout().toNanos()) {
                    closeIdle();
                }
            }
            case HEAD -> {
                if (age > settings.headerTimeout().toNanos()
                        && phase.compareAndSet(Phase.HEAD, Phase.ENDED)) {
                    Thread.ofVirtual().name("heddle-late-request").start(this::answerLate);
                }
            }
            case EXCHANGE -> {
                if (age > WATCH_AFTER.toNanos()) {
                    watchPeer();
                }
            }
            case ENDED -> {}
        }
    }

    private void watchPeer() {
        var current = exchange;
        if (current != null && current.peerWatch().isWanted()) {
            if (current.isRequestComplete()) {
                input.awaitEnd();
            } else {
                input.readAhead();
            }
        }
    }

    /// The connection's own thread is stuck in a read, so another answers and then frees it.
    private void answerLate() {
        try {
            send(new ErrorBody(408, "the header of the request took too long"));
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "no answer to a late request", e);
        } finally {
            close();
        }
    }

    @Override
    public void drain() {
        closeIdle();
    }

    private void closeIdle() {
        if (phase.compareAndSet(Phase.IDLE, Phase.ENDED)) {
            close();
        }
    }

    @Override
    public void abort() {
        phase.set(Phase.ENDED);
        close();
    }

    private void close() {
        try {
            socket.close();
        } catch (UncheckedIOException e) {
            LOGGER.log(Level.DEBUG, "a connection was not closed well", e);
        }
    }

    private void peerGone() {
        var current = exchange;
        if (current != null) {
            current.peerWatch().fire();
        }
    }

    boolean isDraining() {
        return draining.getAsBoolean();
    }

    boolean isEnded() {
        return phase.get() == Phase.ENDED;
    }

    boolean isSecure() {
        return socket.isSecure();
    }

    Optional<X509Certificate> clientCertificate() {
        return PeerCertificate.of(socket.remotePeer());
    }

    String peer() {
        var peer = socket.remotePeer();
        return peer.host() + ":" + peer.port();
    }
}
