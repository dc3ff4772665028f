package dev.heddle.diagnostics;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc;
import dev.heddle.diagnostics.v1.EchoRequest;
import dev.heddle.diagnostics.v1.EchoResponse;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Inbound;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import io.grpc.Status.Code;
import java.time.Duration;
import java.time.InstantSource;
import java.util.StringJoiner;

/// Sends back what it was sent; see `heddle/diagnostics/v1/diagnostics.proto`.
public final class DiagnosticsService implements Rpcs.Service {
    /// The bound of what a client stream can make the gateway hold, in characters.
    private static final int MAX_COLLECTED = 1 << 20;

    private final InstantSource clock;

    public DiagnosticsService(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public void register(Rpcs.Builder rpcs) {
        rpcs.unary(DiagnosticsServiceGrpc.getEchoMethod(), this::echo)
                .serverStreaming(DiagnosticsServiceGrpc.getEchoStreamMethod(), this::echoStream)
                .clientStreaming(DiagnosticsServiceGrpc.getEchoCollectMethod(), this::echoCollect)
                .bidi(DiagnosticsServiceGrpc.getEchoChatMethod(), this::echoChat);
    }

    private EchoResponse echo(EchoRequest request, Call call) throws InterruptedException {
        check(request);
        pause(request);
        failIfAsked(request);
        return answer(request.getMessage(), 1);
    }

    private void echoStream(EchoRequest request, Outbound<EchoResponse> out, Call call)
            throws InterruptedException {
        check(request);
        for (var number = request.getAfter() + 1; number <= request.getCount(); number++) {
            pause(request);
            out.send(answer(request.getMessage(), number));
        }
        failIfAsked(request);
    }

    private EchoResponse echoCollect(Inbound<EchoRequest> in, Call call)
            throws InterruptedException {
        var messages = new StringJoiner(" ");
        var last = EchoRequest.getDefaultInstance();
        for (var request : in) {
            check(request);
            messages.add(request.getMessage());
            if (messages.length() > MAX_COLLECTED) {
                throw new RpcException(
                        Code.RESOURCE_EXHAUSTED,
                        "the messages together are too long (expected: at most %d characters)"
                                .formatted(MAX_COLLECTED));
            }
            last = request;
        }
        pause(last);
        failIfAsked(last);
        return answer(messages.toString(), 1);
    }

    private void echoChat(Inbound<EchoRequest> in, Outbound<EchoResponse> out, Call call)
            throws InterruptedException {
        var index = 0L;
        for (var request : in) {
            check(request);
            pause(request);
            out.send(answer(request.getMessage(), ++index));
            failIfAsked(request);
        }
    }

    /// The rules of the contract that protovalidate does not express.
    private static void check(EchoRequest request) {
        if (request.hasError() && request.getError().getCode() == 0) {
            throw RpcException.invalidField("error.code", "0 (expected: the code of an error)");
        }
    }

    private static void pause(EchoRequest request) throws InterruptedException {
        if (request.hasInterval()) {
            Thread.sleep(Duration.ofNanos(Durations.toNanos(request.getInterval())));
        }
    }

    private static void failIfAsked(EchoRequest request) {
        if (request.hasError()) {
            throw RpcException.of(request.getError());
        }
    }

    private EchoResponse answer(String message, long index) {
        var now = clock.instant();
        return EchoResponse.newBuilder()
                .setMessage(message)
                .setIndex(index)
                .setAnswerTime(
                        Timestamp.newBuilder()
                                .setSeconds(now.getEpochSecond())
                                .setNanos(now.getNano()))
                .build();
    }
}
