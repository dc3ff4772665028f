package dev.heddle.facade.grpc;

import com.google.protobuf.Message;
import dev.heddle.facade.envelope.Envelope;
import dev.heddle.facade.envelope.GrpcStatuses;
import dev.heddle.facade.envelope.Gzip;
import dev.heddle.facade.envelope.Peer;
import dev.heddle.http.Exchange;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.RpcException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What goes back to the caller: headers, messages, and a status with trailers.
final class GrpcAnswer<R extends Message> implements Outbound<R> {
    private static final Headers PLAIN =
            Headers.builder().set("content-type", "application/grpc").build();
    private static final Headers GZIP =
            Headers.builder().addAll(PLAIN).set("grpc-encoding", Gzip.NAME).build();

    private final Exchange exchange;
    private final Call call;
    private final Peer peer;
    private final boolean compresses;
    private @Nullable OutputStream out;

    /// @param compresses whether the caller reads compressed messages and is to get such
    GrpcAnswer(Exchange exchange, Call call, Peer peer, boolean compresses) {
        this.exchange = exchange;
        this.call = call;
        this.peer = peer;
        this.compresses = compresses;
    }

    /// Answers an exchange with nothing but a status, in the form that is called trailers-only.
    static void refuse(Exchange exchange, Headers trailers) throws IOException {
        exchange.respond(200, Headers.builder().addAll(PLAIN).addAll(trailers).build()).close();
    }

    /// A stream goes out message by message; a single answer waits for the status behind it, so
    /// that both go out at once.
    @Override
    public void send(R message) {
        try {
            var frame = compresses ? Envelope.compressed(message) : Envelope.plain(message);
            var body = open();
            body.write(frame);
            if (call.rpc().streamsResponses()) {
                body.flush();
            }
        } catch (IOException e) {
            throw peer.toRpcException(e);
        }
    }

    /// Ends the call, well if there is no failure; one without messages or header fields before it
    /// goes out in trailers alone.
    ///
    /// @throws IllegalArgumentException if a field that the handler set can't be sent
    void end(Optional<RpcException> failure) throws IOException {
        var custom = call.responseTrailers().build();
        if (failure.isEmpty()) {
            end(open(), GrpcStatuses.trailers(custom));
        } else if (out == null && call.responseHeaders().build().isEmpty()) {
            refuse(exchange, GrpcStatuses.trailers(custom, failure.get()));
        } else {
            end(open(), GrpcStatuses.trailers(custom, failure.get()));
        }
    }

    /// Ends the call with an error, and without any fields of the handler's.
    void endWithoutFields(RpcException failure) throws IOException {
        var trailers = GrpcStatuses.trailers(Headers.empty(), failure);
        if (out == null) {
            refuse(exchange, trailers);
        } else {
            end(out, trailers);
        }
    }

    private void end(OutputStream body, Headers trailers) throws IOException {
        exchange.trailers(trailers);
        body.close();
    }

    private OutputStream open() throws IOException {
        var opened = out;
        if (opened == null) {
            opened = exchange.respond(200, headers());
            out = opened;
        }
        return opened;
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
