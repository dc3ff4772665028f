package dev.heddle.facade.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc;
import dev.heddle.diagnostics.v1.EchoRequest;
import io.grpc.ClientCall;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class LoadTest extends GrpcTest {
    LoadTest(GrpcServer.Engine engine) {
        super(engine);
    }

    @Test
    void slowReaderHoldsTheHandlerAndNotTheMessages() throws Exception {
        var sent = new AtomicInteger();
        var message = response("x".repeat(1024));
        methods.serverStreaming((_, out, _) -> {
            for (int i = 0; i < 100_000; i++) {
                out.send(message);
                sent.incrementAndGet();
            }
        });
        var answers = new Answers();
        var call = start(DiagnosticsServiceGrpc.getEchoStreamMethod(), answers);
        call.sendMessage(request("x"));
        call.halfClose();

        awaitStandstill(sent);
        assertThat(sent.get()).as("messages on the way").isBetween(1, 8_000);

        call.request(100_000);
        assertThat(answers.end().getCode()).isEqualTo(Code.OK);
        assertThat(answers.messages).hasSize(100_000);
    }

    @Test
    void slowHandlerHoldsTheCallerAndNotTheMessages() throws Exception {
        var go = new CountDownLatch(1);
        methods.clientStreaming((in, _) -> {
            var count = 0;
            for (var _ : in) {
                if (count++ == 0) {
                    go.await();
                }
            }
            return response("got " + count);
        });
        var answers = new Answers();
        var call = start(DiagnosticsServiceGrpc.getEchoCollectMethod(), answers);
        call.request(2);
        var message = request("x".repeat(16 * 1024));
        var written = 0;
        while (call.isReady() || written == 0) {
            call.sendMessage(message);
            written++;
            awaitReady(call);
        }
        assertThat(written).as("messages on the way").isLessThan(500);

        go.countDown();
        call.halfClose();
        assertThat(answers.next().getMessage()).isEqualTo("got " + written);
        assertThat(answers.end().getCode()).isEqualTo(Code.OK);
    }

    @Test
    void manyChatsRunAtOnce() throws Exception {
        methods.bidi((in, out, _) -> {
            for (var request : in) {
                out.send(response(request.getMessage()));
            }
        });
        record Chat(ClientCall<EchoRequest, ?> call, Answers answers) {}
        var chats = new ArrayList<Chat>();
        for (int i = 0; i < 200; i++) {
            var answers = new Answers();
            var call = start(DiagnosticsServiceGrpc.getEchoChatMethod(), answers);
            call.request(100);
            chats.add(new Chat(call, answers));
        }
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < chats.size(); i++) {
                chats.get(i).call().sendMessage(request(i + " in round " + round));
            }
            for (int i = 0; i < chats.size(); i++) {
                assertThat(chats.get(i).answers().next().getMessage())
                        .isEqualTo(i + " in round " + round);
            }
        }
        for (var chat : chats) {
            chat.call().halfClose();
            assertThat(chat.answers().end().getCode()).isEqualTo(Code.OK);
        }
        awaitNoActiveCalls();
    }

    @Test
    void manyCallsFollowEachOther() {
        methods.unary((request, _) -> response(request.getMessage()));
        for (int i = 0; i < 20_000; i++) {
            var text = "call " + i;
            assertThat(stub().echo(request(text)).getMessage()).isEqualTo(text);
        }
    }

    /// Waits until no message was sent for a while.
    private static void awaitStandstill(AtomicInteger sent) {
        var seen = new int[] {-1};
        var since = new long[] {System.nanoTime()};
        GrpcServer.await(
                "a standstill",
                Duration.ofSeconds(20),
                () -> {
                    if (sent.get() == 0 || sent.get() != seen[0]) {
                        seen[0] = sent.get();
                        since[0] = System.nanoTime();
                    }
                    return System.nanoTime() - since[0] > TimeUnit.MILLISECONDS.toNanos(500);
                });
    }

    /// Waits until the call takes another message, or does not for a while.
    private static void awaitReady(ClientCall<?, ?> call) {
        var end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
        while (!call.isReady() && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
