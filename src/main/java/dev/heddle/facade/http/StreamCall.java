package dev.heddle.facade.http;

import com.google.protobuf.Message;
import dev.heddle.facade.BodyInbound;
import dev.heddle.facade.CallHeaders;
import dev.heddle.http.Exchange;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Failures;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.Inbound;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpc;
import dev.heddle.rpc.RpcException;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Serves one call that streams: the handler on a thread of its own, the response on the
/// exchange's.
///
/// The response starts with the first message, with the end, or when the handler is silent for
/// longer than the format can wait; a failure before that is an ordinary error. A cancelled call
/// ends its response at once, whatever its handler does; if the peer doesn't take that within
/// [#CANCEL_GRACE], the exchange is aborted.
final class StreamCall {
    private static final Duration FOREVER = Duration.ofNanos(Long.MAX_VALUE);
    private static final Duration CANCEL_GRACE = Duration.ofSeconds(1);

    private final Exchange exchange;
    private final Reply reply;
    private final StreamFormat format;
    private final Duration heartbeat;
    private final Call call;
    private final ResponsePipe pipe = new ResponsePipe();
    private final CountDownLatch answered = new CountDownLatch(1);
    private volatile Optional<Head> head = Optional.empty();
    private Optional<OutputStream> response = Optional.empty();
    private volatile boolean handlerHasEnded;

    /// What comes before the body of the response.
    private record Head(int status, Headers headers) {}

    StreamCall(Exchange exchange, Reply reply, StreamFormat format, Duration heartbeat, Call call) {
        this.exchange = exchange;
        this.reply = reply;
        this.format = format;
        this.heartbeat = heartbeat;
        this.call = call;
    }

    <Q extends Message, R extends Message> void serve(
            Pipeline pipeline, Rpc<Q, R> rpc, Inbound<Q> in) throws IOException {
        try (var _ = call.onCancel(this::endOnCancel)) {
            var handler =
                    Thread.ofVirtual()
                            .name("heddle-handler")
                            .start(() -> handle(pipeline, rpc, in));
            try {
                answer();
            } finally {
                answered.countDown();
                await(handler, rpc.streamsRequests());
            }
        }
    }

    private <Q extends Message, R extends Message> void handle(
            Pipeline pipeline, Rpc<Q, R> rpc, Inbound<Q> in) {
        var out =
                new PipedOutbound<R>(
                        format, pipe, call, first -> head = Optional.of(head(Optional.of(first))));
        var failure = run(pipeline, rpc, in, out);
        end(out.hasMessages(), failure);
    }

    private <Q extends Message, R extends Message> Optional<RpcException> run(
            Pipeline pipeline, Rpc<Q, R> rpc, Inbound<Q> in, Outbound<R> out) {
        try {
            pipeline.run(rpc, call, new BodyInbound<>(in, exchange), out);
            return Optional.empty();
        } catch (RpcException e) {
            return Optional.of(e);
        } catch (RuntimeException | Error e) {
            return Optional.of(Failures.toRpcException(e, rpc.contract().name()));
        }
    }

    private void end(boolean hasMessages, Optional<RpcException> failure) {
        if (!hasMessages) {
            head = Optional.of(head(Optional.empty()));
        }
        handlerHasEnded = true;
        pipe.end(failure);
    }

    private Head head(Optional<Message> first) {
        var all = CallHeaders.of(call);
        format.headers(first, all);
        return new Head(format.status(first), all.build());
    }

    /// What can be said while the handler, who may still add to it, has said nothing.
    private Head earlyHead() {
        var all = Headers.builder();
        format.headers(Optional.empty(), all);
        return new Head(format.status(Optional.empty()), all.build());
    }

    private void endOnCancel() {
        pipe.end(call.cancellation());
        exchange.releaseBody();
        try {
            if (!answered.await(CANCEL_GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                exchange.abort();
            }
        } catch (InterruptedException _) {
            // nobody interrupts this thread, and if so the peer has had its time
            exchange.abort();
        }
    }

    private void answer() throws IOException {
        try {
            while (answerNext()) {}
        } catch (IOException | RuntimeException e) {
            // nobody empties the pipe any more: the handler must not wait for it
            call.cancelByCaller();
            pipe.end(call.cancellation());
            throw e;
        } catch (InterruptedException e) {
            call.cancelByCaller();
            Thread.currentThread().interrupt();
        }
    }

    /// Sends what comes next.
    ///
    /// @return whether more can come
    private boolean answerNext() throws IOException, InterruptedException {
        switch (pipe.take(patience())) {
            case ResponsePipe.Batch.Data(var bytes) -> bytes.writeTo(response());
            case ResponsePipe.Batch.Silence _ -> keepAlive();
            case ResponsePipe.Batch.End(var failure) -> {
                if (failure.isPresent()) {
                    fail(failure.get());
                } else {
                    complete();
                }
                return false;
            }
        }
        response().flush();
        return true;
    }

    private Duration patience() {
        return response.isPresent() ? heartbeat : format.startPatience().orElse(FOREVER);
    }

    private void keepAlive() throws IOException {
        if (response.isPresent()) {
            format.heartbeat(response.get());
        }
    }

    private void complete() throws IOException {
        format.end(response());
        response().close();
    }

    private void fail(RpcException failure) throws IOException {
        if (response.isEmpty()) {
            reply.failWhileReading(failure);
        } else if (format.fail(failure, response.get())) {
            response.get().close();
        } else {
            response.get().flush();
            exchange.abort();
        }
    }

    /// The body of the response, started by the first who needs it.
    private OutputStream response() throws IOException {
        if (response.isEmpty()) {
            var first = head.orElseGet(this::earlyHead);
            var out = reply.start(first.status(), first.headers());
            response = Optional.of(out);
            format.start(out);
        }
        return response.get();
    }

    /// Waits for the handler, who may be waiting for a caller that has its answer already.
    private void await(Thread handler, boolean readsRequests) {
        if (readsRequests && !handlerHasEnded && handler.isAlive()) {
            exchange.abort();
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
}
