package dev.heddle.facade.grpc;

import com.google.protobuf.Message;
import dev.heddle.facade.CallerCredentials;
import dev.heddle.facade.envelope.Codec;
import dev.heddle.facade.envelope.Compression;
import dev.heddle.facade.envelope.ExchangeCall;
import dev.heddle.facade.envelope.GrpcTimeout;
import dev.heddle.facade.envelope.MessageReader;
import dev.heddle.facade.envelope.MessageSettings;
import dev.heddle.facade.envelope.ProtoCodec;
import dev.heddle.http.Exchange;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpc;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.io.IOException;

/// A method as gRPC calls it.
final class GrpcMethod<Q extends Message, R extends Message> {
    private final Rpc<Q, R> rpc;
    private final Codec<Q, R> codec;
    private final Pipeline pipeline;
    private final MessageSettings settings;

    GrpcMethod(Rpc<Q, R> rpc, Pipeline pipeline, MessageSettings settings) {
        this.rpc = rpc;
        this.codec = new ProtoCodec<>(rpc.contract(), Code.INTERNAL);
        this.pipeline = pipeline;
        this.settings = settings;
    }

    /// Serves one call.
    ///
    /// @param headers those of the exchange, with the values of binary metadata apart
    /// @throws RpcException a fault of the header, found before the call has begun
    void serve(Exchange exchange, Headers headers, Compression compression) throws IOException {
        var origin =
                new Call.Origin(
                        "grpc",
                        CallerCredentials.of(exchange, headers),
                        exchange.peer(),
                        GrpcTimeout.of(headers));
        var call = ExchangeCall.open(pipeline, rpc, exchange, origin);
        var in =
                new MessageReader<>(
                        exchange.body(),
                        codec,
                        compression.ofRequests(),
                        Code.INTERNAL,
                        settings,
                        call.peer());
        call.run(in, new GrpcAnswer<>(call, codec, compression.ofResponses()));
    }
}
