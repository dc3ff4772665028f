package dev.heddle.facade.grpc.helidon;

import dev.heddle.facade.envelope.PercentEncoding;
import dev.heddle.rpc.RpcException;
import io.grpc.Attributes;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.helidon.http.http2.Http2Exception;

/// A call of Helidon's that encodes its status message, knows its peer, and ends with a status when
/// a caller does not read.
final class HelidonServerCall<Q, R> extends SimpleForwardingServerCall<Q, R> {
    private final HelidonStream stream;
    private final Attributes attributes;

    private HelidonServerCall(ServerCall<Q, R> stock, HelidonStream stream) {
        super(stock);
        this.stream = stream;
        this.attributes =
                stock.getAttributes().toBuilder()
                        .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, stream.peer())
                        .set(GrpcTransport.ATTRIBUTE, stream)
                        .build();
    }

    /// Puts every call behind a [HelidonServerCall].
    static final class Interceptor implements ServerInterceptor {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> stock, Metadata ignored, ServerCallHandler<Q, R> next) {
            var stream = HelidonStream.current();
            if (stream.isEmpty()) {
                return new RefusedCall<>(
                        stock,
                        new RpcException(
                                Code.UNIMPLEMENTED,
                                "no gRPC on a connection that was upgraded from HTTP/1.1"));
            }
            var call = new HelidonServerCall<>(stock, stream.get());
            var listener = start(call, stream.get(), next);
            stream.get().listenWith(listener);
            return listener;
        }

        private static <Q, R> ServerCall.Listener<Q> start(
                ServerCall<Q, R> call, HelidonStream stream, ServerCallHandler<Q, R> next) {
            try {
                return next.startCall(call, MetadataCodec.toMetadata(stream.headers()));
            } catch (RpcException e) {
                return new RefusedCall<>(call, e);
            }
        }
    }

    @Override
    public Attributes getAttributes() {
        return attributes;
    }

    @Override
    public void sendHeaders(Metadata headers) {
        stream.writer().next(headers);
        super.sendHeaders(new Metadata());
    }

    @Override
    public void sendMessage(R message) {
        try {
            super.sendMessage(message);
        } catch (Http2Exception e) {
            throw new RpcException(
                            Code.UNAVAILABLE,
                            "the caller did not read for http2.helidon.send-timeout")
                    .withReason("CALLER_STALLED")
                    .withCause(e);
        }
    }

    @Override
    public void close(Status status, Metadata trailers) {
        try {
            stream.writer().next(trailers);
            super.close(encoded(status), new Metadata());
        } finally {
            stream.answered();
        }
    }

    private static Status encoded(Status status) {
        var description = status.getDescription();
        return description == null
                ? status
                : status.withDescription(PercentEncoding.encode(description));
    }
}
