package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc;
import dev.heddle.diagnostics.v1.EchoRequest;
import dev.heddle.diagnostics.v1.EchoResponse;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Inbound;
import dev.heddle.rpc.Outbound;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Shared;
import dev.heddle.testing.FacadeCalls;
import dev.heddle.testing.ServiceServer;
import io.grpc.Status.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a handler may rely on that reads on one thread and sends on another, and what many callers
/// get of messages that they share, whichever framing they speak.
@Timeout(60)
final class ConversationTest {
    private static final int MANY = 1000;

    private final ServiceServer server =
            new ServiceServer(
                    rpcs -> rpcs.bidi(DiagnosticsServiceGrpc.getEchoChatMethod(), this::chat));

    /// How each reader ended.
    private final LinkedBlockingQueue<Code> readers = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void handlerReadsWhileItSends(Framing framing) throws Exception {
        try (var client = framing.open(server.port())) {
            client.say("count");
            client.hear("began");
            var sender = CompletableFuture.runAsync(() -> sayMany(client));

            assertThat(client.hearOut()).contains("received " + MANY);
            sender.get();
            assertThat(readers.poll(10, TimeUnit.SECONDS)).isEqualTo(Code.OK);
        }
    }

    @ParameterizedTest
    @EnumSource
    void readerIsReleasedWhenItsHandlerReturns(Framing framing) throws Exception {
        assertReleased(framing, "return");
    }

    @ParameterizedTest
    @EnumSource
    void readerIsReleasedWhenItsHandlerThrows(Framing framing) throws Exception {
        try (var client = framing.open(server.port())) {
            client.say("throw");
            client.hear("began");

            assertThat(readers.poll(5, TimeUnit.SECONDS)).isEqualTo(Code.CANCELLED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void handlerReleasesItsReaderAndWaitsForIt(Framing framing) throws Exception {
        assertReleased(framing, "join");
    }

    @ParameterizedTest
    @EnumSource
    void readerIsReleasedWhenTheCallerGoes(Framing framing) throws Exception {
        try (var client = framing.open(server.port())) {
            client.say("wait");
            client.hear("began");
        }

        assertThat(readers.poll(10, TimeUnit.SECONDS)).isEqualTo(Code.CANCELLED);
    }

    @ParameterizedTest
    @EnumSource
    void readerIsReleasedWhenTheGatewayStops(Framing framing) throws Exception {
        try (var client = framing.open(server.port())) {
            client.say("wait");
            client.hear("began");

            assertThat(server.pipeline().drain(Duration.ofSeconds(5))).isTrue();
            assertThat(readers.poll(5, TimeUnit.SECONDS)).isEqualTo(Code.UNAVAILABLE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void streamEndsByItselfWhenTheGatewayStops(Framing framing) throws Exception {
        try (var client = framing.open(server.port())) {
            client.say("bye");
            client.hear("began");

            assertThat(server.pipeline().drain(Duration.ofSeconds(5))).isTrue();
            assertThat(client.hearOut()).contains("goodbye");
        }
    }

    @ParameterizedTest
    @EnumSource
    void sharedMessagesArriveAsIfSentAlone(Framing framing) throws Exception {
        var alone = answer(framing, "alone");

        assertThat(answer(framing, "shared")).isEqualTo(alone);
        assertThat(alone).contains("message " + MANY);
    }

    private String answer(Framing framing, String mode) throws IOException {
        try (var client = framing.open(server.port())) {
            client.say(mode);
            return client.hearOut();
        }
    }

    private void assertReleased(Framing framing, String mode) throws Exception {
        try (var client = framing.open(server.port())) {
            client.say(mode);
            client.hear("began");

            assertThat(readers.poll(5, TimeUnit.SECONDS)).isEqualTo(Code.CANCELLED);
            client.hearOut();
        }
    }

    private static void sayMany(Conversation client) {
        try {
            for (var i = 0; i < MANY; i++) {
                client.say("message " + i);
            }
            client.endRequests();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void chat(Inbound<EchoRequest> in, Outbound<EchoResponse> out, Call call)
            throws InterruptedException {
        var mode = in.next().orElseThrow().getMessage();
        if (mode.equals("alone") || mode.equals("shared")) {
            sendMany(mode, out);
            return;
        }
        var received = new AtomicInteger();
        var ended = new CountDownLatch(1);
        var reader = Thread.startVirtualThread(() -> read(in, received, ended));
        var stopping = new CountDownLatch(1);
        if (mode.equals("bye")) {
            var _ = call.onDrain(stopping::countDown);
        }
        out.send(FacadeCalls.response("began"));
        switch (mode) {
            case "count" -> {
                while (ended.getCount() > 0) {
                    out.send(FacadeCalls.response("tick"));
                }
                out.send(FacadeCalls.response("received " + received));
            }
            case "throw" -> throw new RpcException(Code.ABORTED, "as it was told");
            case "join" -> {
                in.release();
                reader.join();
            }
            case "wait" -> new CountDownLatch(1).await();
            case "bye" -> {
                stopping.await();
                out.send(FacadeCalls.response("goodbye"));
            }
            default -> {}
        }
    }

    private static void sendMany(String mode, Outbound<EchoResponse> out) {
        var messages =
                IntStream.rangeClosed(1, MANY)
                        .mapToObj(i -> Shared.of(FacadeCalls.response("message " + i)))
                        .toList();
        if (mode.equals("shared")) {
            out.sendAll(messages);
        } else {
            messages.forEach(each -> out.send(each.message()));
        }
    }

    private void read(Inbound<EchoRequest> in, AtomicInteger received, CountDownLatch ended) {
        try {
            in.forEach(_ -> received.incrementAndGet());
            readers.add(Code.OK);
        } catch (RpcException e) {
            readers.add(e.code());
        } finally {
            ended.countDown();
        }
    }
}
