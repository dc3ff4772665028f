package dev.heddle.facade.grpc;

import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc;
import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc.DiagnosticsServiceBlockingStub;
import dev.heddle.diagnostics.v1.EchoRequest;
import dev.heddle.diagnostics.v1.EchoResponse;
import dev.heddle.testing.TestMethods;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A server of [TestMethods] on either engine, and a channel to it.
@Timeout(60)
@ParameterizedClass
@EnumSource(GrpcServer.Engine.class)
abstract class GrpcTest {
    final TestMethods methods = new TestMethods();
    final GrpcServer.Options options;
    final GrpcServer server;
    final ManagedChannel channel;

    GrpcTest(GrpcServer.Engine engine) {
        options = GrpcServer.Options.DEFAULT.with(engine);
        server = new GrpcServer(options, methods);
        channel = server.channel();
    }

    @AfterEach
    void close() throws InterruptedException {
        GrpcServer.shutdown(channel);
        server.close();
    }

    DiagnosticsServiceBlockingStub stub() {
        return DiagnosticsServiceGrpc.newBlockingStub(channel);
    }

    /// A call whose listener the test plays itself; it has one message requested.
    ClientCall<EchoRequest, EchoResponse> start(
            MethodDescriptor<EchoRequest, EchoResponse> method, Answers answers) {
        var call = channel.newCall(method, CallOptions.DEFAULT);
        call.start(answers, new Metadata());
        return call;
    }

    static EchoRequest request(String message) {
        return EchoRequest.newBuilder().setMessage(message).build();
    }

    static EchoResponse response(String message) {
        return EchoResponse.newBuilder().setMessage(message).build();
    }

    void awaitNoActiveCalls() {
        GrpcServer.await("no active calls", Duration.ofSeconds(5), () -> server.active() == 0);
    }
}
