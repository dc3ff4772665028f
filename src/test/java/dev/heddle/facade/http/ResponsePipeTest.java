package dev.heddle.facade.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc;
import dev.heddle.diagnostics.v1.EchoResponse;
import dev.heddle.facade.http.ResponsePipe.Batch;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Caller;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import io.grpc.Status.Code;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ResponsePipeTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final Pipeline pipeline =
            new Pipeline(
                    _ -> Caller.ANONYMOUS,
                    new Pipeline.Settings(LONG, 10),
                    new SimpleMeterRegistry(),
                    OpenTelemetry.noop());
    private final Call call = call();
    private final ResponsePipe pipe = new ResponsePipe();

    @Test
    void messagesThatFollowCloselyAreHandedOverTogether() throws Exception {
        var count = 1_000_000;
        var message = bytes(100);
        var batches = 0;
        var total = 0L;
        try (var handler = Executors.newVirtualThreadPerTaskExecutor()) {
            var _ =
                    handler.submit(() -> {
                        for (var i = 0; i < count; i++) {
                            pipe.put(message, call);
                        }
                        pipe.end(Optional.empty());
                    });
            while (pipe.take(LONG) instanceof Batch.Data(var bytes)) {
                batches++;
                total += bytes.size();
            }
        }
        assertThat(total).isEqualTo(100L * count);
        assertThat(batches).isLessThan(count / 100);
    }

    @Test
    void messageAfterAPauseIsHandedOverAtOnce() throws Exception {
        pipe.put(bytes(1), call);

        assertThat(pipe.take(LONG)).isInstanceOf(Batch.Data.class);
        assertThat(pipe.take(Duration.ofMillis(20))).isInstanceOf(Batch.Silence.class);
    }

    @Test
    void fullPipeHoldsTheHandlerUntilItsCallIsOver() throws Exception {
        pipe.put(bytes(64 * 1024), call);
        var second = CompletableFuture.runAsync(() -> pipe.put(bytes(1), call));
        assertThatThrownBy(() -> second.get(100, TimeUnit.MILLISECONDS))
                .isInstanceOf(TimeoutException.class);

        call.cancelByCaller();
        pipe.end(call.cancellation());

        assertThatThrownBy(() -> second.get(5, TimeUnit.SECONDS))
                .hasCauseInstanceOf(RpcException.class)
                .hasMessageContaining("the caller has gone");
    }

    @Test
    void whatWasPutComesBeforeTheEnd() throws Exception {
        pipe.put(bytes(5), call);
        pipe.end(Optional.empty());
        pipe.end(Optional.of(new RpcException(Code.ABORTED, "too late")));

        assertThat(pipe.take(LONG)).isInstanceOf(Batch.Data.class);
        assertThat(pipe.take(LONG)).isEqualTo(new Batch.End(Optional.empty()));
    }

    private Call call() {
        var name = DiagnosticsServiceGrpc.getEchoMethod();
        var rpcs = Rpcs.builder().unary(name, (_, _) -> EchoResponse.getDefaultInstance()).build();
        var origin = new Call.Origin("test", Headers.empty(), "test", Optional.empty());
        return pipeline.open(rpcs.find(name.getFullMethodName()).orElseThrow(), origin);
    }

    private static ByteArrayOutputStream bytes(int size) {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[size]);
        return bytes;
    }
}
