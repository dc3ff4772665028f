package dev.heddle.facade.grpc;

import dev.heddle.rpc.Call;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.Policy;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import io.grpc.Status.Code;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/// Tells load balancers and probes whether the gateway serves: `grpc.health.v1`. All services share
/// one state; the empty name stands for the gateway as such.
public final class HealthService implements Rpcs.Service {
    /// How late a watcher learns of a change at most.
    private static final Duration WATCH_INTERVAL = Duration.ofSeconds(1);

    private final Set<String> services = new HashSet<>(Set.of("", HealthGrpc.SERVICE_NAME));
    private final BooleanSupplier isServing;

    /// @param served the methods whose services are known, besides its own
    /// @param isServing asked for each check, and once a second for each watcher
    public HealthService(Rpcs served, BooleanSupplier isServing) {
        served.all().stream()
                .map(rpc -> rpc.contract().descriptor().getService().getFullName())
                .forEach(services::add);
        this.isServing = isServing;
    }

    @Override
    public void register(Rpcs.Builder rpcs) {
        rpcs.under(Policy.PUBLIC)
                .unary(HealthGrpc.getCheckMethod(), this::check)
                .serverStreaming(HealthGrpc.getWatchMethod(), this::watch);
    }

    private HealthCheckResponse check(HealthCheckRequest request, Call call) {
        if (!services.contains(request.getService())) {
            throw new RpcException(Code.NOT_FOUND, "there is no service " + request.getService());
        }
        return response(status(isServing.getAsBoolean()));
    }

    private void watch(HealthCheckRequest request, Outbound<HealthCheckResponse> out, Call call)
            throws InterruptedException {
        if (!services.contains(request.getService())) {
            out.send(response(ServingStatus.SERVICE_UNKNOWN));
            awaitCancellation();
        }
        var sent = isServing.getAsBoolean();
        out.send(response(status(sent)));
        while (true) {
            Thread.sleep(WATCH_INTERVAL);
            var now = isServing.getAsBoolean();
            if (now != sent) {
                out.send(response(status(now)));
                sent = now;
            }
        }
    }

    /// The services of a gateway are fixed, but the protocol wants the stream kept open.
    private static void awaitCancellation() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    private static ServingStatus status(boolean serving) {
        return serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    }

    private static HealthCheckResponse response(ServingStatus status) {
        return HealthCheckResponse.newBuilder().setStatus(status).build();
    }
}
