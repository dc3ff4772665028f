package dev.heddle.facade.grpc;

import com.google.protobuf.Message;
import dev.heddle.facade.envelope.Answer;
import dev.heddle.facade.envelope.Codec;
import dev.heddle.facade.envelope.EnvelopeOutput;
import dev.heddle.facade.envelope.ExchangeCall;
import dev.heddle.facade.envelope.GrpcStatuses;
import dev.heddle.facade.envelope.Gzip;
import dev.heddle.http.Exchange;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Shared;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// What goes back to the caller: headers, messages, and a status with trailers.
final class GrpcAnswer<R extends Message> implements Answer<R> {
    private static final Headers PLAIN =
            Headers.builder().set("content-type", "application/grpc").build();
    private static final Headers GZIP =
            Headers.builder().addAll(PLAIN).set("grpc-encoding", Gzip.NAME).build();

    private final Exchange exchange;
    private final Call call;
    private final EnvelopeOutput<R> output;
    private final boolean compresses;

    /// @param compresses whether the caller reads compressed messages and is to get such
    GrpcAnswer(ExchangeCall<?, R> call, Codec<?, R> codec, boolean compresses) {
        this.exchange = call.exchange();
        this.call = call.call();
        this.output = new EnvelopeOutput<>(call, codec, compresses, UnaryOperator.identity());
        this.compresses = compresses;
    }

    /// Answers an exchange with nothing but a status, in the form that is called trailers-only.
    static void refuse(Exchange exchange, Headers trailers) throws IOException {
        exchange.respond(200, Headers.builder().addAll(PLAIN).addAll(trailers).build()).close();
    }

    @Override
    public void send(R message) {
        output.send(message, this::headers);
    }

    @Override
    public void sendAll(List<Shared<R>> messages) {
        output.sendAll(messages, this::headers);
    }

    /// An end without messages or header fields before it goes out in trailers alone.
    @Override
    public void end(Optional<RpcException> failure) throws IOException {
        var custom = call.responseTrailers().build();
        if (failure.isEmpty()) {
            end(GrpcStatuses.trailers(custom));
        } else if (!output.isOpen() && call.responseHeaders().build().isEmpty()) {
            refuse(exchange, GrpcStatuses.trailers(custom, failure.get()));
        } else {
            end(GrpcStatuses.trailers(custom, failure.get()));
        }
    }

    @Override
    public void endWithoutFields(RpcException failure) throws IOException {
        var trailers = GrpcStatuses.trailers(Headers.empty(), failure);
        if (output.isOpen()) {
            end(trailers);
        } else {
            refuse(exchange, trailers);
        }
    }

    private void end(Headers trailers) throws IOException {
        var body = output.open(this::headers);
        exchange.trailers(trailers);
        body.close();
    }

    private Headers headers() {
        var own = compresses ? GZIP : PLAIN;
        var custom = call.responseHeaders().build();
        if (custom.isEmpty()) {
            return own;
        }
        var all = Headers.builder().addAll(custom);
        own.forEach(all::set);
        return all.build();
    }
}
