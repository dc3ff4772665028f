package dev.heddle.async;

import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc;
import dev.heddle.diagnostics.v1.EchoRequest;
import dev.heddle.diagnostics.v1.EchoResponse;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.Calls;
import dev.heddle.testing.TestMethods;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/// Runs a body as the handler of a call, which a test can cancel.
final class Served {
    private final Calls calls;
    private final Call call;
    private final CompletableFuture<Optional<RpcException>> outcome = new CompletableFuture<>();

    private Served(Callable<?> body, Optional<Duration> timeout) {
        this.calls =
                Calls.of(
                        new TestMethods()
                                .unary((_, _) -> {
                                    var _ = body.call();
                                    return EchoResponse.getDefaultInstance();
                                }));
        this.call = calls.open(DiagnosticsServiceGrpc.getEchoMethod(), timeout);
    }

    static Served start(Callable<?> body) {
        return start(new Served(body, Optional.empty()));
    }

    static Served start(Duration timeout, Callable<?> body) {
        return start(new Served(body, Optional.of(timeout)));
    }

    private static Served start(Served served) {
        Thread.startVirtualThread(served::run);
        return served;
    }

    void cancel() {
        call.cancelByCaller();
    }

    /// How the call failed; waits for its end.
    Optional<RpcException> failure() {
        return outcome.join();
    }

    private void run() {
        try {
            calls.run(
                    call,
                    DiagnosticsServiceGrpc.getEchoMethod(),
                    EchoRequest.getDefaultInstance(),
                    _ -> {});
            outcome.complete(Optional.empty());
        } catch (RpcException e) {
            outcome.complete(Optional.of(e));
        }
    }
}
