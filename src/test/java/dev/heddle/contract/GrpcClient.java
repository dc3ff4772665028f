package dev.heddle.contract;

import com.google.protobuf.Message;
import dev.heddle.rpc.Failures;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// grpc-java over Netty.
final class GrpcClient implements FramingClient {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final ManagedChannel channel;

    GrpcClient(URI gateway) {
        channel =
                NettyChannelBuilder.forAddress(gateway.getHost(), gateway.getPort())
                        .usePlaintext()
                        .build();
    }

    @Override
    public <Q extends Message, R extends Message> void call(
            MethodDescriptor<Q, R> method, List<Q> requests, Options options, Consumer<R> each) {
        var end = start(method, requests, options, each);
        try {
            var failure = end.take();
            if (!failure.getStatus().isOk()) {
                throw Failures.toRpcException(failure, method.getFullMethodName());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public <Q extends Message, R extends Message> void abandon(
            MethodDescriptor<Q, R> method, Q request, Options options) {
        var first = new CountDownLatch(1);
        var call = newCall(method, options);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(R message) {
                        first.countDown();
                    }
                },
                metadata(options));
        call.request(1);
        call.sendMessage(request);
        call.halfClose();
        try {
            if (!first.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("no response to " + method.getFullMethodName());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        call.cancel("the test has seen enough", null);
    }

    private <Q, R> SynchronousQueue<StatusRuntimeException> start(
            MethodDescriptor<Q, R> method, List<Q> requests, Options options, Consumer<R> each) {
        var end = new SynchronousQueue<StatusRuntimeException>();
        var call = newCall(method, options);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onMessage(R message) {
                        each.accept(message);
                        call.request(1);
                    }

                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        try {
                            end.put(status.asRuntimeException(trailers));
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }
                },
                metadata(options));
        call.request(1);
        requests.forEach(call::sendMessage);
        call.halfClose();
        return end;
    }

    private <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, Options options) {
        var callOptions = CallOptions.DEFAULT.withWaitForReady();
        if (options.timeout().isPresent()) {
            callOptions =
                    callOptions.withDeadlineAfter(
                            options.timeout().get().toMillis(), TimeUnit.MILLISECONDS);
        }
        return channel.newCall(method, callOptions);
    }

    private static Metadata metadata(Options options) {
        var metadata = new Metadata();
        options.token().ifPresent(token -> metadata.put(AUTHORIZATION, "Bearer " + token));
        return metadata;
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
