package dev.heddle.facade.grpc.helidon;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.heddle.diagnostics.DiagnosticsService;
import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc;
import dev.heddle.diagnostics.v1.EchoRequest;
import io.grpc.ManagedChannel;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class EchoTest {
    private final GrpcServer server = new GrpcServer(new DiagnosticsService(Clock.systemUTC()));
    private final ManagedChannel channel = server.channel();

    @AfterEach
    void close() throws InterruptedException {
        GrpcServer.shutdown(channel);
        server.close();
    }

    @Test
    void unaryCallIsAnswered() {
        var stub = DiagnosticsServiceGrpc.newBlockingStub(channel);
        assertThat(stub.echo(EchoRequest.newBuilder().setMessage("hello").build()).getMessage())
                .isEqualTo("hello");
    }

    @Test
    void streamIsWhole() {
        var stub = DiagnosticsServiceGrpc.newBlockingStub(channel);
        var all =
                ImmutableList.copyOf(
                        stub.echoStream(
                                EchoRequest.newBuilder()
                                        .setMessage("hello")
                                        .setCount(1000)
                                        .build()));
        assertThat(all).hasSize(1000);
    }

    @Test
    void quick() {
        var stub = DiagnosticsServiceGrpc.newBlockingStub(channel);
        for (int k = 0; k < 3; k++) {
            var start = System.nanoTime();
            for (int i = 0; i < 20_000; i++) {
                assertThat(
                                stub.echo(EchoRequest.newBuilder().setMessage("hello").build())
                                        .getMessage())
                        .isEqualTo("hello");
            }
            System.out.println("20000 in ms: " + (System.nanoTime() - start) / 1_000_000);
        }
    }
}
