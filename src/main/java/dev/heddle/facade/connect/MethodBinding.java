package dev.heddle.facade.connect;

import com.google.protobuf.DescriptorProtos.MethodOptions.IdempotencyLevel;
import com.google.protobuf.Message;
import dev.heddle.facade.CallerCredentials;
import dev.heddle.facade.envelope.Codec;
import dev.heddle.facade.envelope.ExchangeCall;
import dev.heddle.facade.envelope.JsonCodec;
import dev.heddle.facade.envelope.MessageSettings;
import dev.heddle.facade.envelope.ProtoCodec;
import dev.heddle.facade.json.Json;
import dev.heddle.http.Exchange;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpc;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;

/// A method with what it takes to call it.
final class MethodBinding<Q extends Message, R extends Message> {
    private final Rpc<Q, R> rpc;
    private final Pipeline pipeline;
    private final MessageSettings settings;
    private final Codec<Q, R> proto;
    private final Codec<Q, R> json;

    MethodBinding(Rpc<Q, R> rpc, Pipeline pipeline, Json json, MessageSettings settings) {
        this.rpc = rpc;
        this.pipeline = pipeline;
        this.settings = settings;
        this.proto = new ProtoCodec<>(rpc.contract(), Code.INVALID_ARGUMENT);
        this.json = new JsonCodec<>(rpc.contract(), json);
    }

    MessageSettings settings() {
        return settings;
    }

    Codec<Q, R> codec(ConnectType type) {
        return type.isJson() ? json : proto;
    }

    /// Whether calls change nothing, by the contract.
    boolean hasNoSideEffects() {
        return rpc.contract().descriptor().getOptions().getIdempotencyLevel()
                == IdempotencyLevel.NO_SIDE_EFFECTS;
    }

    /// Takes up a call.
    ///
    /// @throws RpcException a fault of the header
    ExchangeCall<Q, R> open(Exchange exchange, Headers headers) {
        var origin =
                new Call.Origin(
                        "connect",
                        CallerCredentials.of(exchange, headers),
                        exchange.peer(),
                        ConnectHeaders.timeout(headers));
        return ExchangeCall.open(pipeline, rpc, exchange, origin);
    }
}
