package dev.heddle.facade.websocket;

import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import dev.heddle.http.carrier.Watchdog;
import dev.heddle.http.websocket.CloseStatus;
import dev.heddle.http.websocket.WebSocket;
import dev.heddle.http.websocket.WebSocketException;
import dev.heddle.http.websocket.WebSocketMessage;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.RpcException;
import dev.heddle.websocket.v1.Envelope;
import io.grpc.Status.Code;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A socket from its handshake to its end: receives what the client says and sees that it says it
/// in order.
final class Session<Q extends Message, R extends Message> implements Watchdog.Watched {
    private static final Logger LOGGER = System.getLogger(Session.class.getName());
    private static final CloseStatus STOPPING =
            new CloseStatus(CloseStatus.GOING_AWAY, "the gateway is stopping");
    private static final List<String> CREDENTIALS = List.of("authorization", "x-api-key");

    private final WebSocket socket;
    private final EnvelopeCodec codec;
    private final Pipeline pipeline;
    private final Target<Q, R> target;
    private final Call.Origin origin;
    private final Settings settings;
    private final long start = System.nanoTime();
    private volatile boolean isGivenUp;
    private volatile @Nullable SocketCall<Q, R> call;

    /// @param origin what is known of the call before it begins
    Session(
            WebSocket socket,
            EnvelopeCodec codec,
            Pipeline pipeline,
            Target<Q, R> target,
            Call.Origin origin,
            Settings settings) {
        this.socket = socket;
        this.codec = codec;
        this.pipeline = pipeline;
        this.target = target;
        this.origin = origin;
        this.settings = settings;
    }

    /// Returns when the socket is closed and the handler has ended.
    void serve() throws IOException {
        try {
            receiveAll();
            socket.finish();
        } finally {
            var current = call;
            if (current != null) {
                current.leave();
                current.await();
            }
        }
    }

    private void receiveAll() throws IOException {
        try {
            for (var next = socket.receive(); next.isPresent(); next = socket.receive()) {
                accept(next.get());
            }
            leave();
        } catch (WebSocketException e) {
            refuse(Violation.of(e));
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "a client left without closing its socket", e);
            leave();
        }
    }

    private void leave() {
        var current = call;
        if (current != null) {
            current.leave();
        }
    }

    private void accept(WebSocketMessage frame) throws IOException {
        try {
            obey(codec.decode(frame));
        } catch (Violation e) {
            refuse(e);
        }
    }

    private void obey(Envelope envelope) throws IOException, Violation {
        switch (envelope.getType()) {
            case Envelopes.REQUEST -> begin(envelope);
            case Envelopes.MESSAGE -> begun(envelope).message(envelope);
            case Envelopes.HALF_CLOSE -> begun(envelope).halfClose();
            case Envelopes.CREDIT -> begun(envelope).credit(envelope);
            case Envelopes.PING -> socket.send(codec.encode(Envelopes.pong()));
            case Envelopes.PONG -> {}
            case String other ->
                    throw Violation.badEnvelope(
                            "type: \"%s\" (expected: request, message, half-close, credit, ping or pong)"
                                    .formatted(other));
        }
    }

    private SocketCall<Q, R> begun(Envelope envelope) throws Violation {
        var current = call;
        if (current == null) {
            throw Violation.badEnvelope(
                    "type: \"%s\" (expected: \"request\" first)".formatted(envelope.getType()));
        }
        return current;
    }

    private void begin(Envelope request) throws IOException, Violation {
        if (call != null) {
            throw Violation.badEnvelope("type: \"request\" twice (expected: one call a socket)");
        }
        var opened = pipeline.open(target.rpc(), origin(request));
        var begun =
                new SocketCall<>(
                        socket,
                        codec,
                        pipeline,
                        target,
                        opened,
                        credit(request),
                        settings.maxQueuedMessages());
        call = begun;
        begun.start(request);
    }

    private Call.Origin origin(Envelope request) throws Violation {
        var headers = Headers.builder().addAll(origin.headers());
        request.getMetadataMap().forEach(headers::set);
        var all = headers.build();
        return new Call.Origin(
                origin.framing(),
                origin.credentials().withHeaders(all),
                origin.peer(),
                timeout(request).or(origin::timeout),
                origin.admitted().filter(_ -> !brings(all)));
    }

    /// Whether header fields hold other credentials than those that came with the handshake.
    private boolean brings(Headers headers) {
        return CREDENTIALS.stream()
                .anyMatch(name -> !headers.first(name).equals(origin.headers().first(name)));
    }

    private static Optional<Duration> timeout(Envelope request) throws Violation {
        if (!request.hasTimeout()) {
            return Optional.empty();
        }
        var timeout = request.getTimeout();
        if (!Durations.isValid(timeout) || !Durations.isPositive(timeout)) {
            throw Violation.badEnvelope("timeout: not a duration of more than 0");
        }
        return Optional.of(Duration.ofSeconds(timeout.getSeconds(), timeout.getNanos()));
    }

    private static ResponseCredit credit(Envelope request) throws Violation {
        if (!request.hasCredit()) {
            return ResponseCredit.uncounted();
        }
        if (request.getCredit() < 0) {
            throw Violation.badEnvelope(
                    "credit: %d (expected: >= 0)".formatted(request.getCredit()));
        }
        return ResponseCredit.of(request.getCredit());
    }

    private void refuse(Violation violation) throws IOException {
        var current = call;
        if (current == null) {
            isGivenUp = true;
            socket.sendLast(
                    codec.encode(Envelopes.error(violation.failure()).build()), violation.status());
        } else {
            current.fail(violation);
        }
    }

    @Override
    public void tick(long now) {
        socket.tick(now);
        var current = call;
        if (current != null) {
            current.tick(now);
        } else if (!isGivenUp && now - start > settings.openTimeout().toNanos()) {
            isGivenUp = true;
            Thread.ofVirtual().name("heddle-late-request").start(this::closeLate);
        }
    }

    private void closeLate() {
        var failure =
                new RpcException(
                        Code.DEADLINE_EXCEEDED,
                        "no request within %d ms".formatted(settings.openTimeout().toMillis()));
        closeIdle(() ->
                socket.sendLast(
                        codec.encode(Envelopes.error(failure).build()), CloseCodes.of(failure)));
    }

    /// A call that runs is ended by the pipeline.
    @Override
    public void drain() {
        if (call == null) {
            Thread.ofVirtual()
                    .name("heddle-close-idle")
                    .start(() -> closeIdle(() -> socket.close(STOPPING)));
        }
    }

    @FunctionalInterface
    private interface Closing {
        void run() throws IOException;
    }

    private static void closeIdle(Closing closing) {
        try {
            closing.run();
        } catch (IOException e) {
            // whoever receives learns of it too
            LOGGER.log(Level.DEBUG, "an idle socket could not be closed", e);
        }
    }

    @Override
    public void abort() {
        socket.abort();
    }
}
