package dev.heddle.facade.http;

import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import com.google.protobuf.util.Durations;
import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc;
import dev.heddle.diagnostics.v1.EchoRequest;
import dev.heddle.diagnostics.v1.EchoResponse;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Inbound;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import dev.heddle.testing.v1.Shape;
import dev.heddle.testing.v1.ShapeServiceGrpc;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// The echo methods, and methods over every type of field, for tests of the facade.
final class Diagnostics implements Rpcs.Service {
    /// How many messages the stream of the last call has sent.
    final AtomicLong sent = new AtomicLong();

    /// Has a place for each call that was cancelled.
    final Semaphore cancelled = new Semaphore(0);

    /// Lets one message go without the pause before it.
    final Semaphore gate = new Semaphore(0);

    @Override
    public void register(Rpcs.Builder rpcs) {
        rpcs.unary(DiagnosticsServiceGrpc.getEchoMethod(), this::echo)
                .serverStreaming(DiagnosticsServiceGrpc.getEchoStreamMethod(), this::stream)
                .clientStreaming(DiagnosticsServiceGrpc.getEchoCollectMethod(), this::collect)
                .bidi(DiagnosticsServiceGrpc.getEchoChatMethod(), this::chat)
                .unary(ShapeServiceGrpc.getQueryMethod(), (shape, _) -> shape)
                .unary(ShapeServiceGrpc.getWholeMethod(), (shape, _) -> shape)
                .unary(ShapeServiceGrpc.getChildMethod(), (shape, _) -> shape)
                .unary(ShapeServiceGrpc.getChildrenMethod(), (shape, _) -> shape)
                .unary(ShapeServiceGrpc.getScalarMethod(), (shape, _) -> shape)
                .clientStreaming(ShapeServiceGrpc.getCollectMethod(), Diagnostics::collectShapes)
                .serverStreaming(
                        ShapeServiceGrpc.getWatchMethod(), (shape, out, _) -> out.send(shape))
                .unary(ShapeServiceGrpc.getContentMethod(), (body, _) -> reversed(body));
    }

    private EchoResponse echo(EchoRequest request, Call call) {
        fail(request);
        call.responseHeaders().set("x-echo", "1").set("content-length", "7");
        return response(request, request.getAfter());
    }

    private void stream(EchoRequest request, Outbound<EchoResponse> out, Call call)
            throws InterruptedException {
        call.responseHeaders().set("x-echo", "1");
        sent.set(0);
        try (var _ = call.onCancel(cancelled::release)) {
            for (var i = 1; i <= request.getCount(); i++) {
                if (request.hasInterval()) {
                    pause(Durations.toMillis(request.getInterval()));
                }
                out.send(response(request, request.getAfter() + i));
                sent.incrementAndGet();
            }
        }
        fail(request);
    }

    private EchoResponse collect(Inbound<EchoRequest> in, Call call) {
        try (var _ = call.onCancel(cancelled::release)) {
            var text =
                    StreamSupport.stream(in.spliterator(), false)
                            .map(EchoRequest::getMessage)
                            .collect(Collectors.joining(" "));
            return EchoResponse.newBuilder().setMessage(text).build();
        }
    }

    private void chat(Inbound<EchoRequest> in, Outbound<EchoResponse> out, Call call) {
        var index = 0;
        for (var request : in) {
            fail(request);
            out.send(response(request, ++index));
        }
    }

    private static Shape collectShapes(Inbound<Shape> in, Call call) {
        var all = Shape.newBuilder();
        for (var shape : in) {
            all.setText(shape.getText()).addChildren(shape.getChild());
        }
        return all.build();
    }

    private static HttpBody reversed(HttpBody body) {
        var text = new StringBuilder(body.getData().toStringUtf8()).reverse().toString();
        return body.toBuilder().setData(ByteString.copyFromUtf8(text)).build();
    }

    /// Waits as a handler would that has nothing to send.
    private void pause(long millis) throws InterruptedException {
        var _ = gate.tryAcquire(millis, TimeUnit.MILLISECONDS);
    }

    private static EchoResponse response(EchoRequest request, long index) {
        return EchoResponse.newBuilder().setMessage(request.getMessage()).setIndex(index).build();
    }

    private static void fail(EchoRequest request) {
        if (request.hasError()) {
            throw RpcException.of(request.getError());
        }
    }
}
