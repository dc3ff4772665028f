package dev.heddle.facade.envelope;

import com.google.protobuf.Message;
import dev.heddle.facade.BodyInbound;
import dev.heddle.http.Exchange;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Failures;
import dev.heddle.rpc.Inbound;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpc;
import dev.heddle.rpc.RpcException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// One call on the thread of its exchange alone, which reads and writes messages when the handler
/// asks for it.
///
/// A call that is cancelled waits for its peer no longer. Over HTTP/2 that holds at once, for the
/// end can still be told. Over HTTP/1.1 it holds at once for what is read; a wait for a peer to
/// take something ends with the exchange alone, so a peer that is there is first given [#GRACE] for
/// it.
public final class ExchangeCall<Q extends Message, R extends Message> {
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Pipeline pipeline;
    private final Rpc<Q, R> rpc;
    private final Exchange exchange;
    private final Call call;
    private final Peer peer;
    private final CountDownLatch ended = new CountDownLatch(1);

    private ExchangeCall(Pipeline pipeline, Rpc<Q, R> rpc, Exchange exchange, Call call) {
        this.pipeline = pipeline;
        this.rpc = rpc;
        this.exchange = exchange;
        this.call = call;
        this.peer = new Peer(call);
    }

    /// Takes up a call: from here its deadline runs. Its messages are bounded each by itself, so
    /// the body is not bounded any more.
    public static <Q extends Message, R extends Message> ExchangeCall<Q, R> open(
            Pipeline pipeline, Rpc<Q, R> rpc, Exchange exchange, Call.Origin origin) {
        var opened = new ExchangeCall<>(pipeline, rpc, exchange, pipeline.open(rpc, origin));
        exchange.liftBodyBound();
        if (rpc.streamsRequests()) {
            exchange.liftBodyTimeout();
        }
        exchange.onPeerGone(opened.peer::leave);
        return opened;
    }

    public Exchange exchange() {
        return exchange;
    }

    public Call call() {
        return call;
    }

    public Peer peer() {
        return peer;
    }

    /// Serves the call to its end.
    ///
    /// @throws IOException if the caller has gone
    public void run(Inbound<Q> in, Answer<R> answer) throws IOException {
        try (var _ = call.onCancel(this::endWaits)) {
            var failure = failure(in, answer);
            if (peer.isGone()) {
                throw new IOException("the caller has gone");
            }
            end(answer, failure);
        } finally {
            ended.countDown();
        }
    }

    private Optional<RpcException> failure(Inbound<Q> in, Answer<R> answer) {
        try {
            pipeline.run(rpc, call, new BodyInbound<>(in, exchange), answer);
            return Optional.empty();
        } catch (Throwable e) {
            // an Error or a fault of ours too: whatever it is, the caller must get a status
            return Optional.of(Failures.toRpcException(e, rpc.contract().name()));
        }
    }

    private void end(Answer<R> answer, Optional<RpcException> failure) throws IOException {
        try {
            answer.end(failure);
        } catch (IllegalArgumentException e) {
            answer.endWithoutFields(Failures.toRpcException(e, rpc.contract().name()));
        }
    }

    private void endWaits() {
        exchange.releaseBody();
        if (exchange.protocol().equals("HTTP/2") || peer.isGone() || !endsInTime()) {
            exchange.release();
        }
    }

    private boolean endsInTime() {
        try {
            return ended.await(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            // nobody interrupts this thread, and if so the peer has had its time
            return false;
        }
    }
}
