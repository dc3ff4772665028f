package dev.heddle.facade.grpc;

import com.google.protobuf.Message;
import dev.heddle.facade.envelope.Compression;
import dev.heddle.facade.envelope.GrpcTimeout;
import dev.heddle.facade.envelope.MessageReader;
import dev.heddle.facade.envelope.MessageSettings;
import dev.heddle.facade.envelope.Peer;
import dev.heddle.facade.envelope.RequestParser;
import dev.heddle.http.Exchange;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Failures;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpc;
import dev.heddle.rpc.RpcException;
import java.io.IOException;
import java.util.Optional;

/// A method as gRPC calls it: on the exchange's thread alone, which reads and writes messages when
/// the handler asks for it.
final class GrpcMethod<Q extends Message, R extends Message> {
    private final Rpc<Q, R> rpc;
    private final RequestParser<Q> parser;
    private final Pipeline pipeline;
    private final MessageSettings settings;

    GrpcMethod(Rpc<Q, R> rpc, Pipeline pipeline, MessageSettings settings) {
        this.rpc = rpc;
        this.parser = new RequestParser<>(rpc.contract().request());
        this.pipeline = pipeline;
        this.settings = settings;
    }

    /// Serves one call.
    ///
    /// @param headers those of the exchange, with the values of binary metadata apart
    /// @throws RpcException a fault of the header, found before the call has begun
    void serve(Exchange exchange, Headers headers, Compression compression) throws IOException {
        var timeout = GrpcTimeout.of(headers);
        var call = pipeline.open(rpc, new Call.Origin("grpc", headers, exchange.peer(), timeout));
        var peer = new Peer(call);
        exchange.liftBodyBound();
        if (rpc.streamsRequests()) {
            exchange.liftBodyTimeout();
        }
        exchange.onPeerGone(peer::leave);
        call.onCancel(exchange::release);
        var in =
                new MessageReader<>(
                        exchange.body(), parser, compression.ofRequests(), settings, peer);
        var out = new GrpcAnswer<R>(exchange, call, peer, compression.ofResponses());
        run(call, in, out, peer);
    }

    private void run(Call call, MessageReader<Q> in, GrpcAnswer<R> out, Peer peer)
            throws IOException {
        var failure = failure(call, in, out);
        if (peer.isGone()) {
            throw new IOException("the caller has gone");
        }
        try {
            out.end(failure);
        } catch (IllegalArgumentException e) {
            out.endWithoutFields(Failures.toRpcException(e, rpc.contract().name()));
        }
    }

    private Optional<RpcException> failure(Call call, MessageReader<Q> in, GrpcAnswer<R> out) {
        try {
            pipeline.run(rpc, call, in, out);
            return Optional.empty();
        } catch (Throwable e) {
            // an Error or a fault of ours too: whatever it is, the caller must get a status
            return Optional.of(Failures.toRpcException(e, rpc.contract().name()));
        }
    }
}
