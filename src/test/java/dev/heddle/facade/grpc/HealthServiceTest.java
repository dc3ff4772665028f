package dev.heddle.facade.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.heddle.diagnostics.DiagnosticsService;
import dev.heddle.rpc.Caller;
import dev.heddle.rpc.Rpcs;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.time.Clock;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class HealthServiceTest {
    private static final DiagnosticsService DIAGNOSTICS = new DiagnosticsService(Clock.systemUTC());

    private final AtomicBoolean state = new AtomicBoolean();
    private final GrpcServer server =
            new GrpcServer(
                    GrpcServer.Options.DEFAULT.with(_ -> Caller.ANONYMOUS),
                    DIAGNOSTICS,
                    new HealthService(Rpcs.builder().add(DIAGNOSTICS).build(), state::get));
    private final ManagedChannel channel = server.channel();

    @AfterEach
    void close() {
        channel.shutdownNow();
        server.close();
    }

    @Test
    void checkTellsTheStateOfEachServiceToAnybody() {
        for (var service :
                List.of("", "heddle.diagnostics.v1.DiagnosticsService", "grpc.health.v1.Health")) {
            state.set(false);
            assertThat(check(service)).isEqualTo(ServingStatus.NOT_SERVING);
            state.set(true);
            assertThat(check(service)).isEqualTo(ServingStatus.SERVING);
        }
    }

    @Test
    void checkOfAnUnknownServiceIsNotFound() {
        var failure = catchThrowableOfType(StatusRuntimeException.class, () -> check("no.Such"));

        assertThat(failure.getStatus().getCode()).isEqualTo(Code.NOT_FOUND);
    }

    @Test
    void watchTellsEachChange() {
        try (var context = Context.current().withCancellation()) {
            context.run(() -> {
                var states = watch("");
                assertThat(states.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
                state.set(true);
                assertThat(states.next().getStatus()).isEqualTo(ServingStatus.SERVING);
                state.set(false);
                assertThat(states.next().getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
            });
        }
        awaitNoActiveCalls();
    }

    @Test
    void watchOfAnUnknownServiceSaysSoAndGoesOn() {
        try (var context = Context.current().withCancellation()) {
            context.run(() -> {
                assertThat(watch("no.Such").next().getStatus())
                        .isEqualTo(ServingStatus.SERVICE_UNKNOWN);
                assertThat(server.active()).isOne();
            });
        }
        awaitNoActiveCalls();
    }

    private void awaitNoActiveCalls() {
        GrpcServer.await(
                "no active calls", java.time.Duration.ofSeconds(5), () -> server.active() == 0);
    }

    private ServingStatus check(String service) {
        return HealthGrpc.newBlockingStub(channel).check(request(service)).getStatus();
    }

    private Iterator<HealthCheckResponse> watch(String service) {
        return HealthGrpc.newBlockingStub(channel).watch(request(service));
    }

    private static HealthCheckRequest request(String service) {
        return HealthCheckRequest.newBuilder().setService(service).build();
    }
}
