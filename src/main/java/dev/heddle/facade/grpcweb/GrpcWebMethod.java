package dev.heddle.facade.grpcweb;

import com.google.protobuf.Message;
import dev.heddle.facade.CallerCredentials;
import dev.heddle.facade.envelope.Codec;
import dev.heddle.facade.envelope.Compression;
import dev.heddle.facade.envelope.ExchangeCall;
import dev.heddle.facade.envelope.GrpcTimeout;
import dev.heddle.facade.envelope.JsonCodec;
import dev.heddle.facade.envelope.MessageReader;
import dev.heddle.facade.envelope.MessageSettings;
import dev.heddle.facade.envelope.ProtoCodec;
import dev.heddle.facade.json.Json;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpc;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import java.io.IOException;

/// A method as gRPC-Web calls it.
final class GrpcWebMethod<Q extends Message, R extends Message> {
    private final Rpc<Q, R> rpc;
    private final Codec<Q, R> proto;
    private final Codec<Q, R> json;
    private final Pipeline pipeline;
    private final MessageSettings settings;

    GrpcWebMethod(Rpc<Q, R> rpc, Pipeline pipeline, Json json, MessageSettings settings) {
        this.rpc = rpc;
        this.proto = new ProtoCodec<>(rpc.contract(), Code.INTERNAL);
        this.json = new JsonCodec<>(rpc.contract(), json);
        this.pipeline = pipeline;
        this.settings = settings;
    }

    /// Serves one call.
    ///
    /// @param headers those of the exchange, with the values of binary metadata apart
    /// @throws RpcException a fault of the header, found before the call has begun
    void serve(WebReply reply, Headers headers, Compression compression) throws IOException {
        var exchange = reply.exchange();
        var origin =
                new Call.Origin(
                        "grpc-web",
                        CallerCredentials.of(exchange, headers),
                        exchange.peer(),
                        GrpcTimeout.of(headers));
        var call = ExchangeCall.open(pipeline, rpc, exchange, origin);
        var codec = reply.type().isJson() ? json : proto;
        var in =
                new MessageReader<>(
                        reply.type().isText() ? new Base64Input(exchange.body()) : exchange.body(),
                        codec,
                        compression.ofRequests(),
                        Code.INTERNAL,
                        settings,
                        call.peer());
        call.run(in, new GrpcWebAnswer<>(call, codec, compression.ofResponses(), reply));
    }
}
