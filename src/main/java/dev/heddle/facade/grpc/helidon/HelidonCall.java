package dev.heddle.facade.grpc.helidon;

import com.google.protobuf.Message;
import dev.heddle.facade.envelope.GrpcTimeout;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Failures;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpc;
import dev.heddle.rpc.RpcException;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;

/// One gRPC call. The transport's threads bring in messages and the news that the caller has gone;
/// a virtual thread of the call's own runs the handler and is the only one that answers.
final class HelidonCall<Q extends Message, R extends Message>
        extends ServerCall.Listener<Incoming<Q>> {
    /// Enough to see that a caller sends two messages where one is allowed.
    private static final int SINGLE_REQUEST_CAPACITY = 2;

    private final Rpc<Q, R> rpc;
    private final Pipeline pipeline;
    private final Call call;
    private final ServerCall<Incoming<Q>, R> transport;
    private final InboundQueue<Q> inbound;
    private final HelidonAnswer<R> answer;
    private boolean started;

    private HelidonCall(
            Rpc<Q, R> rpc,
            Pipeline pipeline,
            Call call,
            ServerCall<Incoming<Q>, R> transport,
            InboundQueue<Q> inbound) {
        this.rpc = rpc;
        this.pipeline = pipeline;
        this.call = call;
        this.transport = transport;
        this.inbound = inbound;
        this.answer = new HelidonAnswer<>(call, transport);
    }

    /// Takes up a call that has arrived. Nothing happens before [#onReady], for until then the
    /// transport may not know its listener.
    static <Q extends Message, R extends Message> ServerCall.Listener<Incoming<Q>> start(
            Rpc<Q, R> rpc,
            Pipeline pipeline,
            int maxQueuedMessages,
            ServerCall<Incoming<Q>, R> transport,
            Metadata metadata) {
        var headers = MetadataCodec.toHeaders(metadata);
        try {
            var timeout = GrpcTimeout.of(headers);
            var call =
                    pipeline.open(rpc, new Call.Origin("grpc", headers, peer(transport), timeout));
            var capacity = rpc.streamsRequests() ? maxQueuedMessages : SINGLE_REQUEST_CAPACITY;
            return new HelidonCall<>(rpc, pipeline, call, transport, new InboundQueue<>(capacity));
        } catch (RpcException e) {
            return new RefusedCall<>(transport, e);
        }
    }

    @Override
    public void onReady() {
        if (!started) {
            started = true;
            call.onCancel(this::release);
            transport.request(1);
            Thread.ofVirtual().name("grpc-" + rpc.contract().name()).start(this::serve);
        }
    }

    @Override
    public void onMessage(Incoming<Q> message) {
        try {
            inbound.put(message);
            transport.request(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            onCancel();
        }
    }

    @Override
    public void onHalfClose() {
        inbound.complete();
    }

    @Override
    public void onCancel() {
        GrpcTransport.of(transport)
                .flatMap(GrpcTransport::failure)
                .ifPresentOrElse(call::cancel, this::callerHasGone);
    }

    private void callerHasGone() {
        answer.abandon();
        call.cancelByCaller();
    }

    /// Frees the handler's thread wherever this call holds it.
    private void release() {
        inbound.abandon();
        answer.release();
    }

    private void serve() {
        try {
            pipeline.run(rpc, call, inbound, answer);
            answer.succeed();
        } catch (RpcException e) {
            answer.fail(e);
        } catch (Throwable e) {
            // an Error or a fault of ours: whatever it is, the caller must get a status
            answer.fail(Failures.toRpcException(e, rpc.contract().name()));
        } finally {
            inbound.abandon();
        }
    }

    private static String peer(ServerCall<?, ?> transport) {
        var address = transport.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        return address == null ? "unknown" : address.toString().replaceFirst("^[^/]*/", "");
    }
}
