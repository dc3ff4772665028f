package dev.heddle.facade.grpcweb;

import com.google.protobuf.Message;
import dev.heddle.facade.CallHeaders;
import dev.heddle.facade.envelope.Answer;
import dev.heddle.facade.envelope.Codec;
import dev.heddle.facade.envelope.EnvelopeOutput;
import dev.heddle.facade.envelope.ExchangeCall;
import dev.heddle.facade.envelope.GrpcStatuses;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Shared;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// What goes back to the caller: headers, messages, and trailers in the last envelope.
final class GrpcWebAnswer<R extends Message> implements Answer<R> {
    private final Call call;
    private final EnvelopeOutput<R> output;
    private final boolean compresses;
    private final WebReply reply;

    /// @param compresses whether the caller reads compressed messages and is to get such
    GrpcWebAnswer(ExchangeCall<?, R> call, Codec<?, R> codec, boolean compresses, WebReply reply) {
        this.call = call.call();
        this.output = new EnvelopeOutput<>(call, codec, compresses, reply::coded);
        this.compresses = compresses;
        this.reply = reply;
    }

    @Override
    public void send(R message) {
        output.send(message, this::headers);
    }

    @Override
    public void sendAll(List<Shared<R>> messages) {
        output.sendAll(messages, this::headers);
    }

    @Override
    public void end(Optional<RpcException> failure) throws IOException {
        var custom = call.responseTrailers().build();
        var trailers =
                TrailersEnvelope.of(
                        failure.map(reason -> GrpcStatuses.trailers(custom, reason))
                                .orElseGet(() -> GrpcStatuses.trailers(custom)));
        output.end(trailers, this::headers);
    }

    @Override
    public void endWithoutFields(RpcException failure) throws IOException {
        var trailers = GrpcStatuses.trailers(Headers.empty(), failure);
        output.end(TrailersEnvelope.of(trailers), () -> reply.headers(Headers.empty(), compresses));
    }

    private Headers headers() {
        return reply.headers(CallHeaders.of(call).build(), compresses);
    }
}
