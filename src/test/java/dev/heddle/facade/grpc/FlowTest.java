package dev.heddle.facade.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc;
import dev.heddle.diagnostics.v1.EchoRequest;
import dev.heddle.diagnostics.v1.EchoResponse;
import dev.heddle.rpc.Inbound;
import dev.heddle.testing.TestMethods;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status.Code;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Many streams and full windows on our own HTTP/2 engine; the stock one hangs or loses its
/// connection in most of these.
@Timeout(300)
final class FlowTest {
    private static final Path H2LOAD = Path.of("/usr/bin/h2load");
    private static final int WINDOW = 64 * 1024;

    private final TestMethods methods = new TestMethods();
    private final GrpcServer server = new GrpcServer(methods);
    private final ManagedChannel channel =
            NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                    .usePlaintext()
                    .flowControlWindow(WINDOW)
                    .build();

    @AfterEach
    void close() throws InterruptedException {
        GrpcServer.await("no active calls", Duration.ofSeconds(10), () -> server.active() == 0);
        GrpcServer.shutdown(channel);
        server.close();
    }

    @Test
    void parallelStreamsOfLargeMessagesPassThroughSmallWindows() throws Exception {
        var count = 20;
        methods.serverStreaming((request, out, _) -> {
            for (var i = 0; i < count; i++) {
                out.send(response(large(request.getMessage() + "/" + i)));
            }
        });
        methods.bidi((in, out, _) -> {
            for (var request : in) {
                out.send(response(request.getMessage()));
            }
        });
        var streams = new ArrayList<Answers>();
        for (var i = 0; i < 64; i++) {
            var answers = new Answers();
            var call = start(DiagnosticsServiceGrpc.getEchoStreamMethod(), answers, count);
            call.sendMessage(request("stream " + i));
            call.halfClose();
            streams.add(answers);
        }
        var chats = new ArrayList<Answers>();
        for (var i = 0; i < 64; i++) {
            var answers = new Answers();
            var call = start(DiagnosticsServiceGrpc.getEchoChatMethod(), answers, count);
            for (var j = 0; j < count; j++) {
                call.sendMessage(request(large("stream " + i + "/" + j)));
            }
            call.halfClose();
            chats.add(answers);
        }
        for (var all : List.of(streams, chats)) {
            for (var i = 0; i < all.size(); i++) {
                for (var j = 0; j < count; j++) {
                    assertThat(all.get(i).next().getMessage())
                            .isEqualTo(large("stream " + i + "/" + j));
                }
                assertThat(all.get(i).end().getCode()).isEqualTo(Code.OK);
            }
        }
    }

    /// 20,000 calls in a normal run, a million with `-Dheddle.load.calls=1000000`.
    @Test
    void callsAtOnceAreAllAnswered() throws Exception {
        methods.unary((request, _) -> response(request.getMessage()));
        var calls = Integer.getInteger("heddle.load.calls", 20_000);
        var inFlight = new Semaphore(64);
        var failures = new ConcurrentHashMap<String, Integer>();
        var done = new AtomicInteger();
        for (var i = 0; i < calls; i++) {
            assertThat(inFlight.tryAcquire(20, TimeUnit.SECONDS)).as("call %d", i).isTrue();
            var text = "call " + i;
            var call = channel.newCall(DiagnosticsServiceGrpc.getEchoMethod(), CallOptions.DEFAULT);
            ClientCalls.asyncUnaryCall(
                    call,
                    request(text),
                    new StreamObserver<>() {
                        @Override
                        public void onNext(EchoResponse answer) {
                            if (!answer.getMessage().equals(text)) {
                                failures.merge("another's answer", 1, Integer::sum);
                            }
                        }

                        @Override
                        public void onError(Throwable failure) {
                            failures.merge(failure.toString(), 1, Integer::sum);
                            inFlight.release();
                        }

                        @Override
                        public void onCompleted() {
                            done.incrementAndGet();
                            inFlight.release();
                        }
                    });
        }
        assertThat(inFlight.tryAcquire(64, 20, TimeUnit.SECONDS)).as("the last calls").isTrue();
        assertThat(failures).isEmpty();
        assertThat(done.get()).isEqualTo(calls);
    }

    @Test
    void stalledStreamDelaysNobody() throws Exception {
        methods.serverStreaming((request, out, _) -> {
            for (var i = 0; i < request.getCount(); i++) {
                out.send(response("x".repeat(1000)));
            }
        });
        methods.bidi((in, _, _) -> awaitNothing(in));
        // Its caller never reads, and its window is full.
        var deaf = new Answers();
        var deafCall = start(DiagnosticsServiceGrpc.getEchoStreamMethod(), deaf, 0);
        deafCall.sendMessage(EchoRequest.newBuilder().setCount(1_000_000).build());
        deafCall.halfClose();
        // And this one's handler never reads.
        var mute = new Answers();
        var muteCall = start(DiagnosticsServiceGrpc.getEchoChatMethod(), mute, 1);
        for (var i = 0; i < 20; i++) {
            muteCall.sendMessage(request(large("unread")));
        }
        for (var round = 0; round < 10; round++) {
            var others = new ArrayList<Answers>();
            for (var i = 0; i < 100; i++) {
                var answers = new Answers();
                var call = start(DiagnosticsServiceGrpc.getEchoStreamMethod(), answers, 20);
                call.sendMessage(EchoRequest.newBuilder().setCount(20).build());
                call.halfClose();
                others.add(answers);
            }
            for (var answers : others) {
                assertThat(answers.end().getCode()).isEqualTo(Code.OK);
                assertThat(answers.messages).hasSize(20);
            }
        }
        assertThat(deaf.status).isNotDone();
        assertThat(mute.status).isNotDone();
        deafCall.cancel("seen enough", null);
        muteCall.cancel("said enough", null);
    }

    private static void awaitNothing(Inbound<EchoRequest> in) throws InterruptedException {
        assertThat(in.next()).isPresent();
        new CountDownLatch(1).await();
    }

    /// Neither side reads until neither can send.
    @Test
    void chatWithBothWindowsFullGoesOn() throws Exception {
        var count = 200;
        var mayRead = new CountDownLatch(1);
        var sent = new AtomicInteger();
        methods.bidi((in, out, _) -> {
            Thread.ofVirtual()
                    .start(() -> {
                        for (var i = 0; i < count; i++) {
                            out.send(response(large("down " + i)));
                            sent.incrementAndGet();
                        }
                        sent.incrementAndGet();
                    });
            mayRead.await();
            var up = 0;
            for (var request : in) {
                assertThat(request.getMessage()).isEqualTo(large("up " + up));
                up++;
            }
            assertThat(up).isEqualTo(count);
            GrpcServer.await("all sent", Duration.ofSeconds(30), () -> sent.get() > count);
        });
        var answers = new Answers();
        var call = start(DiagnosticsServiceGrpc.getEchoChatMethod(), answers, 0);
        for (var i = 0; i < count; i++) {
            call.sendMessage(request(large("up " + i)));
        }
        call.halfClose();
        GrpcServer.await("an answer", Duration.ofSeconds(10), () -> sent.get() > 0);
        awaitStandstill(sent);
        assertThat(sent.get()).as("messages that nobody reads").isLessThan(count);

        mayRead.countDown();
        call.request(count);
        for (var i = 0; i < count; i++) {
            assertThat(answers.next().getMessage()).isEqualTo(large("down " + i));
        }
        assertThat(answers.end().getCode()).isEqualTo(Code.OK);
    }

    private static void awaitStandstill(AtomicInteger counter) {
        var seen = new int[] {-1};
        var since = new long[] {System.nanoTime()};
        GrpcServer.await(
                "a standstill",
                Duration.ofSeconds(20),
                () -> {
                    if (counter.get() != seen[0]) {
                        seen[0] = counter.get();
                        since[0] = System.nanoTime();
                    }
                    return System.nanoTime() - since[0] > TimeUnit.MILLISECONDS.toNanos(300);
                });
    }

    /// A window of 64 KiB for each stream and for the connection.
    @Test
    void h2loadSeesNoError() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(H2LOAD), "no h2load");
        methods.unary((_, _) -> response(large("answer")));
        var message = request("x").toByteArray();
        var body = Files.createTempFile("h2load", ".grpc");
        try (var threads = Executors.newSingleThreadExecutor()) {
            var frame = new byte[5 + message.length];
            frame[4] = (byte) message.length;
            System.arraycopy(message, 0, frame, 5, message.length);
            Files.write(body, frame);
            var process =
                    new ProcessBuilder(
                                    H2LOAD.toString(),
                                    "-n",
                                    "4000",
                                    "-c",
                                    "4",
                                    "-m",
                                    "8",
                                    "-w",
                                    "16",
                                    "-W",
                                    "16",
                                    "-d",
                                    body.toString(),
                                    "-H",
                                    "content-type: application/grpc",
                                    "-H",
                                    "te: trailers",
                                    "http://127.0.0.1:%d/heddle.diagnostics.v1.DiagnosticsService/Echo"
                                            .formatted(server.port()))
                            .redirectErrorStream(true)
                            .start();
            var output = threads.submit(() -> process.getInputStream().readAllBytes());
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            assertThat(new String(output.get(), StandardCharsets.UTF_8))
                    .contains("4000 succeeded, 0 failed, 0 errored, 0 timeout", "4000 2xx");
        } finally {
            Files.delete(body);
        }
    }

    private ClientCall<EchoRequest, EchoResponse> start(
            MethodDescriptor<EchoRequest, EchoResponse> method, Answers answers, int wanted) {
        var call = channel.newCall(method, CallOptions.DEFAULT);
        call.start(answers, new Metadata());
        if (wanted > 0) {
            call.request(wanted);
        }
        return call;
    }

    private static String large(String text) {
        return text + "-".repeat(50_000);
    }

    private static EchoRequest request(String message) {
        return EchoRequest.newBuilder().setMessage(message).build();
    }

    private static EchoResponse response(String message) {
        return EchoResponse.newBuilder().setMessage(message).build();
    }
}
