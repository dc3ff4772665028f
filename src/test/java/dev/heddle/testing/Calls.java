package dev.heddle.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Caller;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.Inbound;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpc;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import io.grpc.MethodDescriptor;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Calls services through the pipeline, without any framing, as a caller who may do everything
/// unless it is said what.
public final class Calls {
    private final Rpcs rpcs;
    private final Pipeline pipeline;

    private Calls(Rpcs rpcs, Set<String> scopes) {
        this.rpcs = rpcs;
        this.pipeline =
                new Pipeline(
                        credentials ->
                                new Caller(
                                        credentials.headers().first("caller").orElse("tester"),
                                        scopes),
                        new Pipeline.Settings(Duration.ofSeconds(30), 1000),
                        new SimpleMeterRegistry(),
                        OpenTelemetry.noop());
    }

    public static Calls of(Rpcs.Service service) {
        return of(service, Set.of("*"));
    }

    /// Calls of somebody who may not do everything.
    public static Calls of(Rpcs.Service service, Set<String> scopes) {
        return new Calls(Rpcs.builder().add(service).build(), scopes);
    }

    /// The only response.
    public <Q extends Message, R extends Message> R unary(
            MethodDescriptor<Q, R> method, Q request) {
        var responses = stream(method, request);
        assertThat(responses).hasSize(1);
        return responses.getFirst();
    }

    /// All responses.
    public <Q extends Message, R extends Message> List<R> stream(
            MethodDescriptor<Q, R> method, Q request) {
        var responses = new ArrayList<R>();
        run(open(method, Optional.empty()), method, request, responses::add);
        return responses;
    }

    public Call open(MethodDescriptor<?, ?> method, Optional<Duration> timeout) {
        return open(method, timeout, "tester");
    }

    public Call open(MethodDescriptor<?, ?> method, Optional<Duration> timeout, String caller) {
        var headers = Headers.builder().set("caller", caller).build();
        return pipeline.open(rpc(method), new Call.Origin("test", headers, "127.0.0.1", timeout));
    }

    @SuppressWarnings("unchecked") // the method was registered under this very descriptor
    public <Q extends Message, R extends Message> void run(
            Call call, MethodDescriptor<Q, R> method, Q request, Outbound<R> out) {
        pipeline.run((Rpc<Q, R>) rpc(method), call, Inbound.of(request), out);
    }

    /// The failure of a body.
    public static RpcException failure(Runnable body) {
        try {
            body.run();
        } catch (RpcException e) {
            return e;
        }
        throw new AssertionError("no failure");
    }

    private Rpc<?, ?> rpc(MethodDescriptor<?, ?> method) {
        return rpcs.find(method.getFullMethodName()).orElseThrow();
    }
}
