package dev.heddle.facade.websocket;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import dev.heddle.http.websocket.CloseStatus;
import dev.heddle.http.websocket.WebSocket;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Failures;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpc;
import dev.heddle.rpc.RpcException;
import dev.heddle.websocket.v1.Envelope;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The call of a socket. Its handler has a thread of its own; whatever ends it first, the handler
/// or a cancellation, sends the last envelope and closes the socket. A client that doesn't take the
/// end of a cancelled call within [#CANCEL_GRACE] is cut.
final class SocketCall<Q extends Message, R extends Message> {
    private static final Logger LOGGER = System.getLogger(SocketCall.class.getName());
    private static final Duration CANCEL_GRACE = Duration.ofSeconds(1);
    private static final long NEVER = 0;

    private final WebSocket socket;
    private final EnvelopeCodec codec;
    private final Pipeline pipeline;
    private final Rpc<Q, R> rpc;
    private final Call call;
    private final RequestQueue<Q> requests;
    private final ResponseCredit credit;
    private final ResponseSender<R> responses;
    private final Thread handler;
    private final AtomicBoolean isEnding = new AtomicBoolean();
    private volatile boolean isEnded;
    private volatile boolean isCallerGone;
    private volatile long cancelledAt = NEVER;
    private volatile @Nullable Violation violation;

    SocketCall(
            WebSocket socket,
            EnvelopeCodec codec,
            Pipeline pipeline,
            Target<Q, R> target,
            Call call,
            ResponseCredit credit,
            int maxQueuedMessages) {
        this.socket = socket;
        this.codec = codec;
        this.pipeline = pipeline;
        this.rpc = target.rpc();
        this.call = call;
        this.credit = credit;
        this.requests =
                new RequestQueue<>(
                        call,
                        maxQueuedMessages,
                        (payload, isFirst) -> decode(payload, isFirst, target),
                        granted -> socket.send(codec.encode(Envelopes.credit(granted))));
        this.responses = new ResponseSender<>(socket, codec, call, credit);
        this.handler = Thread.ofVirtual().name("heddle-handler").unstarted(this::handle);
    }

    /// Starts the handler.
    ///
    /// @param request what the client began the call with
    void start(Envelope request) throws IOException {
        call.onCancel(this::endOnCancel);
        if (request.hasMessage() || !rpc.streamsRequests()) {
            requests.addFirst(request.getMessage());
        }
        if (rpc.streamsRequests()) {
            requests.open();
        } else {
            requests.end();
        }
        handler.start();
    }

    void message(Envelope envelope) throws Violation {
        requests.add(envelope.getMessage());
    }

    void halfClose() {
        requests.end();
    }

    void credit(Envelope envelope) throws Violation {
        credit.add(envelope.getCredit());
    }

    /// Ends the call because of what the client did.
    void fail(Violation reason) {
        violation = reason;
        call.cancel(reason.failure());
    }

    /// Ends the call because nobody is there any more to answer.
    void leave() {
        isCallerGone = true;
        call.cancelByCaller();
    }

    void tick(long now) {
        var since = cancelledAt;
        if (since != NEVER && !isEnded && now - since > CANCEL_GRACE.toNanos()) {
            socket.abort();
        }
    }

    /// Waits for the handler. What is left of the connection needn't.
    void await() {
        if (handler.isAlive()) {
            socket.abort();
        }
        var isInterrupted = false;
        while (handler.isAlive()) {
            try {
                handler.join();
            } catch (InterruptedException _) {
                // who stops this thread wants the call to end
                isInterrupted = true;
                call.cancelByCaller();
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void handle() {
        try {
            pipeline.run(rpc, call, requests, responses);
            end(Optional.empty(), Envelopes.end());
        } catch (Throwable e) {
            // an Error or a fault of ours too: whatever it is, the caller must get a status
            var failure = Failures.toRpcException(e, rpc.contract().name());
            end(Optional.of(failure), Envelopes.error(failure));
        }
    }

    /// Adds what the handler leaves for the end, which nobody else may look at while it runs.
    private void end(Optional<RpcException> failure, Envelope.Builder last) {
        responses.addMetadata(last);
        last.putAllTrailers(Envelopes.metadata(call.responseTrailers().build()));
        sendLast(failure, last.build());
    }

    private void endOnCancel() {
        cancelledAt = System.nanoTime() | 1;
        requests.wake();
        credit.wake();
        var failure = call.cancellation().orElseThrow();
        sendLast(Optional.of(failure), Envelopes.error(failure).build());
    }

    private void sendLast(Optional<RpcException> failure, Envelope last) {
        if (!isEnding.compareAndSet(false, true)) {
            return;
        }
        try {
            if (!isCallerGone) {
                socket.sendLast(codec.encode(last), status(failure));
            }
        } catch (IOException e) {
            LOGGER.log(Level.DEBUG, "the end of a call could not be sent", e);
            socket.abort();
        } finally {
            isEnded = true;
        }
    }

    private CloseStatus status(Optional<RpcException> failure) {
        var broken = violation;
        if (broken != null && failure.filter(broken.failure()::equals).isPresent()) {
            return broken.status();
        }
        return failure.map(CloseCodes::of).orElseGet(() -> new CloseStatus(CloseStatus.NORMAL, ""));
    }

    @SuppressWarnings("unchecked") // a builder of a request makes requests, and so does a binding
    private Q decode(ByteString payload, boolean isFirst, Target<Q, R> target) {
        var request = rpc.contract().request().newBuilderForType();
        codec.merge(payload, request);
        var message = request.build();
        return (Q) (isFirst ? target.first().apply(message) : message);
    }
}
