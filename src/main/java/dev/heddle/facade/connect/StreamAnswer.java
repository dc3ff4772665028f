package dev.heddle.facade.connect;

import com.google.protobuf.Message;
import dev.heddle.facade.CallHeaders;
import dev.heddle.facade.envelope.Answer;
import dev.heddle.facade.envelope.Codec;
import dev.heddle.facade.envelope.Envelope;
import dev.heddle.facade.envelope.EnvelopeOutput;
import dev.heddle.facade.envelope.ExchangeCall;
import dev.heddle.facade.envelope.Gzip;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Shared;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// What goes back to the caller of a stream: headers, messages, and how it ended in the last
/// envelope. The HTTP status says nothing: it is always 200.
final class StreamAnswer<R extends Message> implements Answer<R> {
    private static final int END = 2;

    private final Call call;
    private final EnvelopeOutput<R> output;
    private final ConnectType type;
    private final boolean compresses;
    private final ConnectReply reply;

    /// @param compresses whether the caller reads compressed messages and is to get such
    StreamAnswer(
            ExchangeCall<?, R> call,
            Codec<?, R> codec,
            ConnectType type,
            boolean compresses,
            ConnectReply reply) {
        this.call = call.call();
        this.output = new EnvelopeOutput<>(call, codec, compresses, UnaryOperator.identity());
        this.type = type;
        this.compresses = compresses;
        this.reply = reply;
    }

    /// Answers a call that can't be begun.
    static void refuse(RpcException reason, ConnectType type, ConnectReply reply)
            throws IOException {
        var headers = headers(Headers.builder(), type, false, reply);
        var end = end(Headers.empty(), Optional.of(reason), reply);
        reply.exchange().respond(200, headers, end);
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
        output.end(end(call.responseTrailers().build(), failure, reply), this::headers);
    }

    @Override
    public void endWithoutFields(RpcException failure) throws IOException {
        output.end(
                end(Headers.empty(), Optional.of(failure), reply),
                () -> headers(Headers.builder(), type, compresses, reply));
    }

    private Headers headers() {
        return headers(CallHeaders.of(call), type, compresses, reply);
    }

    private static Headers headers(
            Headers.Builder custom, ConnectType type, boolean compresses, ConnectReply reply) {
        custom.set("content-type", type.name()).set("connect-accept-encoding", Gzip.NAME);
        if (compresses) {
            custom.set("connect-content-encoding", Gzip.NAME);
        }
        return reply.visible(custom);
    }

    private static byte[] end(
            Headers trailers, Optional<RpcException> failure, ConnectReply reply) {
        return Envelope.of(END, ConnectErrors.end(trailers, failure, reply.json()));
    }
}
