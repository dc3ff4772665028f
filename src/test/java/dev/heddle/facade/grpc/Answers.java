package dev.heddle.facade.grpc;

import dev.heddle.diagnostics.v1.EchoResponse;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Keeps what a call is answered.
final class Answers extends ClientCall.Listener<EchoResponse> {
    final CompletableFuture<Metadata> headers = new CompletableFuture<>();
    final BlockingQueue<EchoResponse> messages = new LinkedBlockingQueue<>();
    final CompletableFuture<Status> status = new CompletableFuture<>();
    final CompletableFuture<Metadata> trailers = new CompletableFuture<>();

    @Override
    public void onHeaders(Metadata headers) {
        this.headers.complete(headers);
    }

    @Override
    public void onMessage(EchoResponse message) {
        messages.add(message);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        this.trailers.complete(trailers);
        this.status.complete(status);
    }

    EchoResponse next() throws InterruptedException {
        var message = messages.poll(10, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("no message within 10 s; status " + status.getNow(null));
        }
        return message;
    }

    Status end() throws Exception {
        return status.get(20, TimeUnit.SECONDS);
    }
}
