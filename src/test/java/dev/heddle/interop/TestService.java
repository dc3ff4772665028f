package dev.heddle.interop;

import com.google.protobuf.ByteString;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Inbound;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.Policy;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import io.grpc.Status.Code;
import io.grpc.testing.integration.EmptyProtos.Empty;
import io.grpc.testing.integration.Messages.EchoStatus;
import io.grpc.testing.integration.Messages.Payload;
import io.grpc.testing.integration.Messages.ResponseParameters;
import io.grpc.testing.integration.Messages.SimpleRequest;
import io.grpc.testing.integration.Messages.SimpleResponse;
import io.grpc.testing.integration.Messages.StreamingInputCallRequest;
import io.grpc.testing.integration.Messages.StreamingInputCallResponse;
import io.grpc.testing.integration.Messages.StreamingOutputCallRequest;
import io.grpc.testing.integration.Messages.StreamingOutputCallResponse;
import io.grpc.testing.integration.TestServiceGrpc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// `grpc.testing.TestService` by gRPC's `interop-test-descriptions.md`.
public final class TestService implements Rpcs.Service {
    private static final String ECHO_INITIAL = "x-grpc-test-echo-initial";
    private static final String ECHO_TRAILING = "x-grpc-test-echo-trailing-bin";

    @Override
    public void register(Rpcs.Builder rpcs) {
        rpcs.under(Policy.PUBLIC)
                .unary(TestServiceGrpc.getEmptyCallMethod(), (_, _) -> Empty.getDefaultInstance())
                .unary(TestServiceGrpc.getUnaryCallMethod(), this::unaryCall)
                .unary(TestServiceGrpc.getCacheableUnaryCallMethod(), this::unaryCall)
                .serverStreaming(
                        TestServiceGrpc.getStreamingOutputCallMethod(), this::streamingOutputCall)
                .clientStreaming(
                        TestServiceGrpc.getStreamingInputCallMethod(), this::streamingInputCall)
                .bidi(TestServiceGrpc.getFullDuplexCallMethod(), this::fullDuplexCall)
                .bidi(TestServiceGrpc.getHalfDuplexCallMethod(), this::halfDuplexCall);
    }

    private SimpleResponse unaryCall(SimpleRequest request, Call call) {
        echoMetadata(call);
        checkCompression(request.getExpectCompressed().getValue(), call);
        failIfAsked(request.getResponseStatus());
        return SimpleResponse.newBuilder().setPayload(zeros(request.getResponseSize())).build();
    }

    private void streamingOutputCall(
            StreamingOutputCallRequest request,
            Outbound<StreamingOutputCallResponse> out,
            Call call)
            throws InterruptedException {
        failIfAsked(request.getResponseStatus());
        respond(request.getResponseParametersList(), out);
    }

    private StreamingInputCallResponse streamingInputCall(
            Inbound<StreamingInputCallRequest> in, Call call) {
        var size = 0;
        for (var request : in) {
            checkCompression(request.getExpectCompressed().getValue(), call);
            size += request.getPayload().getBody().size();
        }
        return StreamingInputCallResponse.newBuilder().setAggregatedPayloadSize(size).build();
    }

    private void fullDuplexCall(
            Inbound<StreamingOutputCallRequest> in,
            Outbound<StreamingOutputCallResponse> out,
            Call call)
            throws InterruptedException {
        echoMetadata(call);
        for (var request : in) {
            failIfAsked(request.getResponseStatus());
            respond(request.getResponseParametersList(), out);
        }
    }

    private void halfDuplexCall(
            Inbound<StreamingOutputCallRequest> in,
            Outbound<StreamingOutputCallResponse> out,
            Call call)
            throws InterruptedException {
        var parameters = new ArrayList<ResponseParameters>();
        in.forEach(request -> parameters.addAll(request.getResponseParametersList()));
        respond(parameters, out);
    }

    private static void respond(
            List<ResponseParameters> parameters, Outbound<StreamingOutputCallResponse> out)
            throws InterruptedException {
        for (var parameter : parameters) {
            Thread.sleep(Duration.ofNanos(parameter.getIntervalUs() * 1000L));
            out.send(
                    StreamingOutputCallResponse.newBuilder()
                            .setPayload(zeros(parameter.getSize()))
                            .build());
        }
    }

    private static void echoMetadata(Call call) {
        call.headers()
                .all(ECHO_INITIAL)
                .forEach(value -> call.responseHeaders().add(ECHO_INITIAL, value));
        call.headers()
                .all(ECHO_TRAILING)
                .forEach(value -> call.responseTrailers().add(ECHO_TRAILING, value));
    }

    /// Handlers don't see whether a single message was compressed, but whether a call has a
    /// compression at all: enough for the probe, which has none.
    private static void checkCompression(boolean expected, Call call) {
        if (expected && call.headers().first("grpc-encoding").isEmpty()) {
            throw new RpcException(
                    Code.INVALID_ARGUMENT, "the request is not compressed (expected: compressed)");
        }
    }

    private static void failIfAsked(EchoStatus status) {
        if (status.getCode() != Code.OK.value()) {
            throw new RpcException(
                    io.grpc.Status.fromCodeValue(status.getCode()).getCode(), status.getMessage());
        }
    }

    private static Payload zeros(int size) {
        return Payload.newBuilder().setBody(ByteString.copyFrom(new byte[size])).build();
    }
}
