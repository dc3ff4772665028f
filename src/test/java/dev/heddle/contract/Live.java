package dev.heddle.contract;

import com.google.protobuf.Message;
import dev.heddle.contract.FramingClient.Options;
import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A stream that is read on a thread of its own.
final class Live<R extends Message> implements AutoCloseable {
    private final FramingClient client;
    private final BlockingQueue<R> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

    <Q extends Message> Live(
            FramingClient client, MethodDescriptor<Q, R> method, Q request, Options options) {
        this.client = client;
        Thread.ofVirtual().start(() -> read(method, request, options));
    }

    private <Q extends Message> void read(
            MethodDescriptor<Q, R> method, Q request, Options options) {
        try {
            client.call(method, List.of(request), options, received::add);
        } catch (Throwable e) {
            failure.complete(e);
        }
    }

    R next() throws InterruptedException {
        return Objects.requireNonNull(
                received.poll(20, TimeUnit.SECONDS), "nothing came within 20 s");
    }

    /// What the stream ends with.
    Throwable failure() throws InterruptedException, ExecutionException, TimeoutException {
        return failure.get(20, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        client.close();
    }
}
