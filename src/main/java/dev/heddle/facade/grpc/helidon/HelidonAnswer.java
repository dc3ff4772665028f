package dev.heddle.facade.grpc.helidon;

import com.google.protobuf.Message;
import dev.heddle.facade.envelope.GrpcStatuses;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.RpcException;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/// What goes back to the caller: headers, messages, and a status with trailers. All of it is sent
/// by the handler's thread; others can only stop it.
final class HelidonAnswer<R extends Message> implements Outbound<R> {
    private static final Logger LOGGER = System.getLogger(HelidonAnswer.class.getName());

    private static final Metadata.Key<com.google.rpc.Status> DETAILS =
            Metadata.Key.of(
                    GrpcStatuses.DETAILS,
                    ProtoUtils.metadataMarshaller(com.google.rpc.Status.getDefaultInstance()));

    private final Call call;
    private final ServerCall<?, R> transport;
    private boolean headersSent;
    private volatile boolean abandoned;
    private @Nullable Thread sender;

    HelidonAnswer(Call call, ServerCall<?, R> transport) {
        this.call = call;
        this.transport = transport;
    }

    @Override
    public void send(R message) {
        var headers = MetadataCodec.toMetadata(call.responseHeaders().build());
        beginSending();
        try {
            sendHeadersOnce(headers);
            transport.sendMessage(message);
        } catch (RuntimeException e) {
            throw undelivered(e);
        } finally {
            endSending();
        }
    }

    /// Ends the call well.
    void succeed() {
        close(Status.OK, call.responseHeaders().build(), trailers());
    }

    /// Ends the call with an error; without messages or header fields before, in trailers alone.
    void fail(RpcException failure) {
        var trailers = trailers();
        GrpcStatuses.details(failure).ifPresent(details -> trailers.put(DETAILS, details));
        close(status(failure), call.responseHeaders().build(), trailers);
    }

    /// The code and the message of a failure.
    static Status status(RpcException failure) {
        return failure.code().toStatus().withDescription(GrpcStatuses.message(failure));
    }

    /// Sends nothing more: there is nobody to read it.
    void abandon() {
        abandoned = true;
    }

    /// Ends the wait of a thread that is blocked in [#send]. To be used once the call is cancelled.
    synchronized void release() {
        if (sender != null) {
            var blocked = sender;
            GrpcTransport.of(transport).ifPresent(blocking -> blocking.interrupt(blocked));
        }
    }

    private synchronized void beginSending() {
        call.check();
        sender = Thread.currentThread();
    }

    private synchronized void endSending() {
        sender = null;
        if (call.isCancelled()) {
            // an interrupt by release() that came too late to be noticed must not reach the status
            var _ = Thread.interrupted();
        }
    }

    private RpcException undelivered(RuntimeException failure) {
        if (failure instanceof RpcException e) {
            return call.cancellation().orElse(e);
        }
        LOGGER.log(Level.DEBUG, "a message can't be sent: the caller has gone", failure);
        call.cancelByCaller();
        return call.cancellation().orElseThrow();
    }

    private void close(Status status, Headers headers, Metadata trailers) {
        if (abandoned) {
            return;
        }
        try {
            if (status.isOk() || !headers.names().isEmpty()) {
                sendHeadersOnce(MetadataCodec.toMetadata(headers));
            }
            transport.close(status, trailers);
        } catch (RuntimeException e) {
            LOGGER.log(Level.DEBUG, "a status can't be sent: the caller has gone", e);
        }
    }

    private void sendHeadersOnce(Metadata headers) {
        if (!headersSent) {
            headersSent = true;
            transport.sendHeaders(headers);
        }
    }

    private Metadata trailers() {
        return MetadataCodec.toMetadata(call.responseTrailers().build());
    }
}
