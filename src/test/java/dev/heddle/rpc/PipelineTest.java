package dev.heddle.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.rpc.BadRequest;
import com.google.rpc.RetryInfo;
import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc;
import dev.heddle.diagnostics.v1.EchoRequest;
import dev.heddle.diagnostics.v1.EchoResponse;
import dev.heddle.rpc.Call.Origin;
import io.grpc.Status.Code;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class PipelineTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Pipeline pipeline = pipeline(100);

    @Test
    void handlerAnswersAndIsMetered() {
        var rpc =
                unary((request, _) ->
                        EchoResponse.newBuilder().setMessage(request.getMessage()).build());

        assertThat(call(rpc, "hello"))
                .extracting(EchoResponse::getMessage)
                .containsExactly("hello");
        assertThat(
                        meters.get("rpc.server.duration")
                                .tags(
                                        "method",
                                        rpc.contract().name(),
                                        "framing",
                                        "test",
                                        "code",
                                        "OK")
                                .timer()
                                .count())
                .isOne();
    }

    @Test
    void timeoutOfCenturiesIsTaken() {
        var rpc = unary((_, _) -> EchoResponse.getDefaultInstance());
        // the longest of gRPC, whose nanoseconds don't fit into 64 bits
        var call = open(rpc, Optional.of(Duration.ofHours(99_999_999)));

        assertThat(run(rpc, call, request("hello"))).hasSize(1);
    }

    @Test
    void callWithoutCredentialsIsUnauthenticated() {
        var rpc = unary((_, _) -> EchoResponse.getDefaultInstance());
        var call = pipeline.open(rpc, origin(Headers.empty(), Optional.empty()));

        var failure = failure(() -> pipeline.run(rpc, call, Inbound.of(request("hello")), _ -> {}));

        assertThat(failure.code()).isEqualTo(Code.UNAUTHENTICATED);
        assertThat(failure.reason()).contains("CREDENTIALS_MISSING");
    }

    @Test
    void callWithoutScopeIsDenied() {
        var rpc =
                new Rpc.Unary<>(
                        Contract.of(
                                dev.heddle.users.v1.UserServiceGrpc.getGetUserMethod(),
                                Optional.empty()),
                        (_, _) -> dev.heddle.users.v1.User.getDefaultInstance());
        var call = pipeline.open(rpc, origin(Optional.empty()));

        var failure =
                failure(() ->
                        pipeline.run(rpc, call, Inbound.of(rpc.contract().request()), _ -> {}));

        assertThat(failure.code()).isEqualTo(Code.PERMISSION_DENIED);
        assertThat(failure.message()).contains("users.read");
    }

    @Test
    void requestThatBreaksARuleIsRefusedWithItsField() {
        var rpc = unary((_, _) -> EchoResponse.getDefaultInstance());
        var request = EchoRequest.newBuilder().setCount(-1).build();

        var failure = failure(() -> run(rpc, open(rpc, Optional.empty()), request));

        assertThat(failure.code()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(failure.detail(BadRequest.class).orElseThrow().getFieldViolations(0).getField())
                .isEqualTo("count");
    }

    @Test
    void unexpectedExceptionBecomesInternalAndLeaksNothing() {
        var rpc =
                unary((_, _) -> {
                    throw new IllegalStateException("secret of the house");
                });

        var failure = failure(() -> call(rpc, "hello"));

        assertThat(failure.code()).isEqualTo(Code.INTERNAL);
        assertThat(failure.message()).matches("internal error, reference [0-9a-f]{16}");
        assertThat(failure.toStatus().toString()).doesNotContain("secret");
    }

    @Test
    void callBeyondTheLimitIsRefusedAtOnce() throws Exception {
        var narrow = pipeline(1);
        var entered = new CountDownLatch(1);
        var leave = new CountDownLatch(1);
        var rpc =
                unary((_, _) -> {
                    entered.countDown();
                    leave.await();
                    return EchoResponse.getDefaultInstance();
                });
        var first =
                async(() ->
                        narrow.run(
                                rpc,
                                narrow.open(rpc, origin(Optional.empty())),
                                Inbound.of(request("1")),
                                _ -> {}));
        entered.await();

        var failure =
                failure(() ->
                        narrow.run(
                                rpc,
                                narrow.open(rpc, origin(Optional.empty())),
                                Inbound.of(request("2")),
                                _ -> {}));

        assertThat(failure.code()).isEqualTo(Code.RESOURCE_EXHAUSTED);
        assertThat(failure.reason()).contains(RpcException.OVERLOADED);
        assertThat(failure.detail(RetryInfo.class)).isPresent();
        leave.countDown();
        first.get(10, TimeUnit.SECONDS);
    }

    @Test
    void deadlineInterruptsAHandlerThatWaits() {
        var rpc =
                unary((_, _) -> {
                    new CountDownLatch(1).await();
                    return EchoResponse.getDefaultInstance();
                });

        var failure =
                failure(() ->
                        run(rpc, open(rpc, Optional.of(Duration.ofMillis(20))), request("hello")));

        assertThat(failure.code()).isEqualTo(Code.DEADLINE_EXCEEDED);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void deadlineDoesNotInterruptWhatIsShielded() {
        var interrupted = new AtomicBoolean();
        var told = new CountDownLatch(1);
        var rpc =
                unary((_, call) -> {
                    call.onCancel(told::countDown);
                    call.shielded(() -> {
                        awaitUninterruptibly(told);
                        interrupted.set(Thread.currentThread().isInterrupted());
                        return told;
                    });
                    call.check();
                    return EchoResponse.getDefaultInstance();
                });

        var failure =
                failure(() ->
                        run(rpc, open(rpc, Optional.of(Duration.ofMillis(20))), request("hello")));

        assertThat(failure.code()).isEqualTo(Code.DEADLINE_EXCEEDED);
        assertThat(interrupted).isFalse();
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void sendAfterTheCallerHasGoneThrows() {
        var rpc =
                new Rpc.ServerStreaming<>(
                        Contract.of(DiagnosticsServiceGrpc.getEchoStreamMethod(), Optional.empty()),
                        (EchoRequest _, Outbound<EchoResponse> out, Call call) -> {
                            out.send(EchoResponse.getDefaultInstance());
                            call.cancelByCaller();
                            out.send(EchoResponse.getDefaultInstance());
                        });
        var sent = new ArrayList<EchoResponse>();
        var call = pipeline.open(rpc, origin(Optional.empty()));

        var failure =
                failure(() -> pipeline.run(rpc, call, Inbound.of(request("hello")), sent::add));

        assertThat(failure.code()).isEqualTo(Code.CANCELLED);
        assertThat(sent).hasSize(1);
    }

    @Test
    void cancelActionOfACancelledCallRunsAtOnce() throws Exception {
        var call = open(unary((_, _) -> EchoResponse.getDefaultInstance()), Optional.empty());
        call.cancelByCaller();
        var told = new CountDownLatch(1);

        call.onCancel(told::countDown);

        assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
        assertThatThrownBy(call::check).isInstanceOf(RpcException.class);
    }

    @Test
    void drainRefusesNewCallsAndEndsThoseThatRun() throws Exception {
        var entered = new CountDownLatch(1);
        var rpc =
                unary((_, _) -> {
                    entered.countDown();
                    new CountDownLatch(1).await();
                    return EchoResponse.getDefaultInstance();
                });
        var running = async(() -> call(rpc, "hello"));
        entered.await();

        assertThat(pipeline.drain(Duration.ofMillis(50))).isTrue();

        assertThatThrownBy(() -> running.get(10, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        RpcException.class, e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE));
        assertThat(failure(() -> call(rpc, "late")).code()).isEqualTo(Code.UNAVAILABLE);
    }

    @Test
    void streamThatSaysGoodbyeIsNotCancelled() throws Exception {
        var rpc =
                stream((_, out, call) -> {
                    var stopping = new CountDownLatch(1);
                    try (var _ = call.onDrain(stopping::countDown)) {
                        out.send(EchoResponse.getDefaultInstance());
                        stopping.await();
                    }
                    out.send(EchoResponse.newBuilder().setMessage("bye").build());
                });
        var sent = new LinkedBlockingQueue<EchoResponse>();
        var running = async(() -> runStream(rpc, sent));
        sent.take();

        assertThat(pipeline.drain(Duration.ofSeconds(10))).isTrue();

        running.get(10, TimeUnit.SECONDS);
        assertThat(sent.remove().getMessage()).isEqualTo("bye");
    }

    @Test
    void streamThatSaysGoodbyeForTooLongIsCancelled() throws Exception {
        var rpc =
                stream((_, out, call) -> {
                    var _ = call.onDrain(() -> {});
                    out.send(EchoResponse.getDefaultInstance());
                    new CountDownLatch(1).await();
                });
        var sent = new LinkedBlockingQueue<EchoResponse>();
        var running = async(() -> runStream(rpc, sent));
        sent.take();

        assertThat(pipeline.drain(Duration.ofMillis(200))).isTrue();

        assertThatThrownBy(() -> running.get(10, TimeUnit.SECONDS))
                .cause()
                .isInstanceOfSatisfying(
                        RpcException.class,
                        e -> assertThat(e.reason()).contains(RpcException.STOPPING));
    }

    @Test
    void drainActionOfACallThatComesTooLateRunsAtOnce() throws Exception {
        var call = open(unary((_, _) -> EchoResponse.getDefaultInstance()), Optional.empty());
        assertThat(call.drain()).isFalse();
        var told = new CountDownLatch(1);

        call.onDrain(told::countDown);

        assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void sharedMessagesGoToTheFramingTogether() {
        var rpc =
                stream((request, out, _) ->
                        out.sendAll(
                                List.of(
                                        Shared.of(response(request.getMessage())),
                                        Shared.of(response("2")))));
        var batches = new ArrayList<List<Shared<EchoResponse>>>();

        pipeline.run(
                rpc,
                open(rpc, Optional.empty()),
                Inbound.of(request("1")),
                new Outbound<>() {
                    @Override
                    public void send(EchoResponse message) {
                        throw new AssertionError("sent alone");
                    }

                    @Override
                    public void sendAll(List<Shared<EchoResponse>> messages) {
                        batches.add(messages);
                    }
                });

        assertThat(batches).hasSize(1);
        assertThat(batches.getFirst())
                .extracting(each -> each.message().getMessage())
                .containsExactly("1", "2");
    }

    @Test
    void unaryHandlerWantsExactlyOneRequest() {
        var rpc = unary((_, _) -> EchoResponse.getDefaultInstance());
        var none =
                failure(() ->
                        pipeline.run(rpc, open(rpc, Optional.empty()), Optional::empty, _ -> {}));
        var twice = List.of(request("1"), request("2")).iterator();
        var two =
                failure(() ->
                        pipeline.run(
                                rpc,
                                open(rpc, Optional.empty()),
                                () -> Optional.of(twice.next()),
                                _ -> {}));

        assertThat(none.message()).contains("no request message");
        assertThat(two.message()).contains("more than one request message");
    }

    @Test
    void methodOfAnotherKindIsRefusedAtStart() {
        assertThatThrownBy(() ->
                        Rpcs.builder()
                                .unary(
                                        DiagnosticsServiceGrpc.getEchoStreamMethod(),
                                        (_, _) -> EchoResponse.getDefaultInstance()))
                .hasMessageContaining("registered as UNARY (expected: SERVER_STREAMING");
    }

    private Pipeline pipeline(int maxConcurrency) {
        return new Pipeline(
                credentials ->
                        credentials.headers().contains("authorization")
                                ? new Caller("tester", Set.of())
                                : Caller.ANONYMOUS,
                new Pipeline.Settings(Duration.ofSeconds(30), maxConcurrency),
                meters,
                OpenTelemetry.noop());
    }

    private static Rpc<EchoRequest, EchoResponse> unary(
            Rpc.Unary.Handler<EchoRequest, EchoResponse> handler) {
        return new Rpc.Unary<>(
                Contract.of(DiagnosticsServiceGrpc.getEchoMethod(), Optional.empty()), handler);
    }

    private static Rpc<EchoRequest, EchoResponse> stream(
            Rpc.ServerStreaming.Handler<EchoRequest, EchoResponse> handler) {
        return new Rpc.ServerStreaming<>(
                Contract.of(DiagnosticsServiceGrpc.getEchoStreamMethod(), Optional.empty()),
                handler);
    }

    private void runStream(
            Rpc<EchoRequest, EchoResponse> rpc, LinkedBlockingQueue<EchoResponse> sent) {
        pipeline.run(rpc, open(rpc, Optional.empty()), Inbound.of(request("hello")), sent::add);
    }

    private static EchoResponse response(String message) {
        return EchoResponse.newBuilder().setMessage(message).build();
    }

    private static EchoRequest request(String message) {
        return EchoRequest.newBuilder().setMessage(message).build();
    }

    private List<EchoResponse> call(Rpc<EchoRequest, EchoResponse> rpc, String message) {
        return run(rpc, open(rpc, Optional.empty()), request(message));
    }

    private Call open(Rpc<?, ?> rpc, Optional<Duration> timeout) {
        return pipeline.open(rpc, origin(timeout));
    }

    private List<EchoResponse> run(
            Rpc<EchoRequest, EchoResponse> rpc, Call call, EchoRequest request) {
        var sent = new ArrayList<EchoResponse>();
        pipeline.run(rpc, call, Inbound.of(request), sent::add);
        return sent;
    }

    private static Origin origin(Optional<Duration> timeout) {
        return origin(Headers.builder().add("Authorization", "Bearer x").build(), timeout);
    }

    private static Origin origin(Headers headers, Optional<Duration> timeout) {
        return new Origin("test", headers, "127.0.0.1:1", timeout);
    }

    private static RpcException failure(Runnable body) {
        return catchThrowableOfType(RpcException.class, body::run);
    }

    private static CompletableFuture<?> async(Runnable body) {
        return CompletableFuture.runAsync(body, Thread::startVirtualThread);
    }

    /// Waits as something deaf to interrupts does, a database driver for one.
    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
