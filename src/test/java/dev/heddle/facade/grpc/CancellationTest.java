package dev.heddle.facade.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc;
import dev.heddle.diagnostics.v1.EchoRequest;
import dev.heddle.diagnostics.v1.EchoResponse;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Inbound;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.LiveThreads;
import dev.heddle.testing.RawHttp2;
import io.grpc.ClientCall;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class CancellationTest extends GrpcTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Pattern OF_CALLS = Pattern.compile(".*] - \\d+|grpc-.*|heddle-h2-stream");

    private final CompletableFuture<RpcException> cancelled = new CompletableFuture<>();
    private final CountDownLatch begun = new CountDownLatch(1);

    CancellationTest(GrpcServer.Engine engine) {
        super(engine);
    }

    @Test
    void deadlineReachesTheHandlerAndTheCaller() throws Exception {
        methods.unary((_, call) -> {
            waitForCancellation(call);
            return response("");
        });

        var failure =
                catchThrowableOfType(
                        StatusRuntimeException.class,
                        () ->
                                stub().withDeadlineAfter(200, TimeUnit.MILLISECONDS)
                                        .echo(request("x")));

        assertThat(failure.getStatus().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
        assertThat(cancelled.get(1, TimeUnit.SECONDS).code())
                .isIn(Code.DEADLINE_EXCEEDED, Code.CANCELLED);
        awaitNoActiveCalls();
    }

    /// A caller that sets a deadline but does not watch it itself is told.
    @Test
    void deadlineIsAnsweredByTheServer() throws Exception {
        methods.unary((_, call) -> {
            waitForCancellation(call);
            return response("");
        });
        var metadata = new io.grpc.Metadata();
        metadata.put(
                io.grpc.Metadata.Key.of("grpc-timeout", io.grpc.Metadata.ASCII_STRING_MARSHALLER),
                "200m");

        var failure =
                catchThrowableOfType(
                        StatusRuntimeException.class,
                        () ->
                                stub().withInterceptors(
                                                io.grpc.stub.MetadataUtils
                                                        .newAttachHeadersInterceptor(metadata))
                                        .echo(request("x")));

        assertThat(failure.getStatus().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
        assertThat(failure.getStatus().getDescription()).startsWith("the deadline passed after");
        assertThat(cancelled.get(1, TimeUnit.SECONDS).code()).isEqualTo(Code.DEADLINE_EXCEEDED);
    }

    @Test
    void cancellationReachesAHandlerThatWaits() throws Exception {
        methods.serverStreaming((_, _, call) -> waitForCancellation(call));
        var call = start(DiagnosticsServiceGrpc.getEchoStreamMethod(), new Answers());
        call.sendMessage(request("x"));
        call.halfClose();
        assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();

        call.cancel("enough", null);

        assertThat(cancelled.get(1, TimeUnit.SECONDS).code()).isEqualTo(Code.CANCELLED);
        awaitNoActiveCalls();
    }

    @Test
    void cancellationReachesAHandlerThatReads() throws Exception {
        methods.bidi((in, _, call) -> {
            begun.countDown();
            readToTheEnd(in, call);
        });
        var call = start(DiagnosticsServiceGrpc.getEchoChatMethod(), new Answers());
        assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();

        call.cancel("enough", null);

        assertThat(cancelled.get(1, TimeUnit.SECONDS).code()).isEqualTo(Code.CANCELLED);
        awaitNoActiveCalls();
    }

    @Test
    void cancellationReachesAHandlerThatSendsToASlowCaller() throws Exception {
        methods.serverStreaming((_, out, call) -> sendForEver(out, call));
        var call = start(DiagnosticsServiceGrpc.getEchoStreamMethod(), new Answers());
        call.sendMessage(request("x"));
        call.halfClose();
        assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();

        call.cancel("enough", null);

        assertThat(cancelled.get(1, TimeUnit.SECONDS).code()).isEqualTo(Code.CANCELLED);
        assertConnectionIsUsable();
    }

    @Test
    void deadlineEndsASendToASlowCallerAndKeepsTheConnection() throws Exception {
        methods.serverStreaming((_, out, call) -> sendForEver(out, call));
        var answers = new Answers();
        var call =
                channel.newCall(
                        DiagnosticsServiceGrpc.getEchoStreamMethod(),
                        io.grpc.CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.SECONDS));
        call.start(answers, new io.grpc.Metadata());
        call.sendMessage(request("x"));
        call.halfClose();

        assertThat(cancelled.get(3, TimeUnit.SECONDS).code())
                .isIn(Code.DEADLINE_EXCEEDED, Code.CANCELLED);
        assertThat(answers.end().getCode()).isEqualTo(Code.DEADLINE_EXCEEDED);
        assertConnectionIsUsable();
    }

    @Test
    void lostConnectionReachesAHandlerThatReads() throws Exception {
        methods.bidi((in, _, call) -> {
            begun.countDown();
            readToTheEnd(in, call);
        });
        try (var client = RawHttp2.open(server.port())) {
            client.send(RawHttp2.call(1, "/heddle.diagnostics.v1.DiagnosticsService/EchoChat"));
            assertThat(begun.await(5, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(cancelled.get(1, TimeUnit.SECONDS).code()).isEqualTo(Code.CANCELLED);
        awaitNoActiveCalls();
    }

    /// Beyond the bound at which Helidon takes cancellations for an attack.
    @Test
    void connectionOutlivesManyCancellations() throws Exception {
        methods.bidi((in, _, call) -> readToTheEnd(in, call));
        for (int i = 0; i < 300; i++) {
            var call = start(DiagnosticsServiceGrpc.getEchoChatMethod(), new Answers());
            call.sendMessage(request("in full flight".repeat(1000)));
            call.cancel("enough", null);
        }

        awaitNoActiveCalls();
        assertConnectionIsUsable();
    }

    @Test
    void threadsOfCancelledAndRefusedCallsEnd() throws Exception {
        methods.clientStreaming((_, _) -> {
            throw new RpcException(Code.ABORTED, "no");
        });
        assertConnectionIsUsable();
        var before = streamThreads();
        var open = openChat();
        assertThat(streamThreads()).isGreaterThan(before);
        open.cancel("counted", null);
        for (int i = 0; i < 100; i++) {
            cancelledChat();
            var answers = new Answers();
            start(DiagnosticsServiceGrpc.getEchoCollectMethod(), answers).request(1);
            assertThat(answers.end().getCode()).isEqualTo(Code.ABORTED);
        }

        GrpcServer.await(
                "as many threads as before",
                Duration.ofSeconds(5),
                () -> streamThreads() <= before);
    }

    @Test
    void callerThatDoesNotReadIsGivenUpInTheEnd() throws Exception {
        methods.serverStreaming((_, out, call) -> sendForEver(out, call));
        try (var impatient = new GrpcServer(options.with(SECOND), methods)) {
            var other = impatient.channel();
            var answers = new Answers();
            var call =
                    other.newCall(
                            DiagnosticsServiceGrpc.getEchoStreamMethod(),
                            io.grpc.CallOptions.DEFAULT);
            call.start(answers, new io.grpc.Metadata());
            call.sendMessage(request("x"));
            call.halfClose();
            GrpcServer.await(
                    "the end of the call",
                    Duration.ofSeconds(15),
                    () -> begun.getCount() == 0 && impatient.active() == 0);
            call.request(1_000_000);

            assertThat(answers.end().getCode()).isIn(Code.UNAVAILABLE, Code.RESOURCE_EXHAUSTED);
            GrpcServer.shutdown(other);
        }
    }

    private void cancelledChat() throws InterruptedException {
        openChat().cancel("enough", null);
    }

    /// A chat whose handler waits for a second message.
    private ClientCall<EchoRequest, EchoResponse> openChat() throws InterruptedException {
        methods.bidi((in, out, call) -> {
            out.send(response(in.next().orElseThrow().getMessage()));
            readToTheEnd(in, call);
        });
        var answers = new Answers();
        var call = start(DiagnosticsServiceGrpc.getEchoChatMethod(), answers);
        call.request(1);
        call.sendMessage(request("x"));
        answers.next();
        return call;
    }

    private void assertConnectionIsUsable() {
        methods.unary((request, _) -> response(request.getMessage()));
        assertThat(
                        stub().withDeadlineAfter(5, TimeUnit.SECONDS)
                                .echo(request("still here"))
                                .getMessage())
                .isEqualTo("still here");
        awaitNoActiveCalls();
    }

    private void waitForCancellation(Call call) throws InterruptedException {
        begun.countDown();
        try {
            new CountDownLatch(1).await();
        } finally {
            call.cancellation().ifPresent(cancelled::complete);
        }
    }

    private void readToTheEnd(Inbound<EchoRequest> in, Call call) {
        try {
            in.forEach(_ -> {});
        } finally {
            call.cancellation().ifPresent(cancelled::complete);
        }
    }

    private void sendForEver(Outbound<EchoResponse> out, Call call) {
        var message = response("x".repeat(1000));
        try {
            for (int i = 0; ; i++) {
                out.send(message);
                if (i == 10) {
                    begun.countDown();
                }
            }
        } finally {
            call.cancellation().ifPresent(cancelled::complete);
        }
    }

    private static long streamThreads() {
        return LiveThreads.count(OF_CALLS);
    }
}
