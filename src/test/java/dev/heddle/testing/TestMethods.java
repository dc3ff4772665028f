package dev.heddle.testing;

import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc;
import dev.heddle.diagnostics.v1.EchoRequest;
import dev.heddle.diagnostics.v1.EchoResponse;
import dev.heddle.rpc.Rpc;
import dev.heddle.rpc.Rpcs;

/// The four methods of the diagnostics service with the handlers that a test gives them; the others
/// fail.
public final class TestMethods implements Rpcs.Service {
    private Rpc.Unary.Handler<EchoRequest, EchoResponse> unary = (_, _) -> unset();
    private Rpc.ServerStreaming.Handler<EchoRequest, EchoResponse> serverStreaming =
            (_, _, _) -> unset();
    private Rpc.ClientStreaming.Handler<EchoRequest, EchoResponse> clientStreaming =
            (_, _) -> unset();
    private Rpc.Bidi.Handler<EchoRequest, EchoResponse> bidi = (_, _, _) -> unset();

    public TestMethods unary(Rpc.Unary.Handler<EchoRequest, EchoResponse> handler) {
        unary = handler;
        return this;
    }

    public TestMethods serverStreaming(
            Rpc.ServerStreaming.Handler<EchoRequest, EchoResponse> handler) {
        serverStreaming = handler;
        return this;
    }

    public TestMethods clientStreaming(
            Rpc.ClientStreaming.Handler<EchoRequest, EchoResponse> handler) {
        clientStreaming = handler;
        return this;
    }

    public TestMethods bidi(Rpc.Bidi.Handler<EchoRequest, EchoResponse> handler) {
        bidi = handler;
        return this;
    }

    @Override
    public void register(Rpcs.Builder rpcs) {
        rpcs.unary(DiagnosticsServiceGrpc.getEchoMethod(), (q, call) -> unary.handle(q, call))
                .serverStreaming(
                        DiagnosticsServiceGrpc.getEchoStreamMethod(),
                        (q, out, call) -> serverStreaming.handle(q, out, call))
                .clientStreaming(
                        DiagnosticsServiceGrpc.getEchoCollectMethod(),
                        (in, call) -> clientStreaming.handle(in, call))
                .bidi(
                        DiagnosticsServiceGrpc.getEchoChatMethod(),
                        (in, out, call) -> bidi.handle(in, out, call));
    }

    private static EchoResponse unset() {
        throw new IllegalStateException("a method that the test gave no handler");
    }
}
