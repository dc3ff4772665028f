package dev.heddle.facade.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableList;
import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc;
import dev.heddle.diagnostics.v1.EchoRequest;
import dev.heddle.diagnostics.v1.EchoResponse;
import dev.heddle.rpc.RpcException;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class KindsTest extends GrpcTest {
    KindsTest(GrpcServer.Engine engine) {
        super(engine);
    }

    @Test
    void unaryCallIsAnswered() {
        methods.unary((request, _) -> response(request.getMessage()));

        assertThat(stub().echo(request("hello")).getMessage()).isEqualTo("hello");
    }

    @Test
    void largeMessageGoesThroughAndBack() {
        methods.unary((request, _) -> response(request.getMessage()));
        var text = "0123456789abcdef".repeat(65_000);

        assertThat(stub().withCompression("gzip").echo(request(text)).getMessage()).isEqualTo(text);
        assertThat(stub().echo(request(text)).getMessage()).isEqualTo(text);
    }

    @Test
    void serverStreamArrivesWholeAndInOrder() {
        methods.serverStreaming((request, out, _) -> {
            for (int i = 1; i <= request.getCount(); i++) {
                out.send(EchoResponse.newBuilder().setIndex(i).build());
            }
        });

        var answers =
                ImmutableList.copyOf(
                        stub().echoStream(EchoRequest.newBuilder().setCount(5_000).build()));

        assertThat(answers)
                .extracting(EchoResponse::getIndex)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 5_000).mapToObj(Long::valueOf).toList());
    }

    @Test
    void emptyStreamEndsWell() {
        methods.serverStreaming((_, _, _) -> {});

        assertThat(stub().echoStream(request("never")).hasNext()).isFalse();
    }

    @Test
    void clientStreamIsAnsweredOnce() throws Exception {
        methods.clientStreaming((in, _) -> {
            var count = 0;
            for (var _ : in) {
                count++;
            }
            return response("got " + count);
        });
        var answers = new Answers();
        var call = start(DiagnosticsServiceGrpc.getEchoCollectMethod(), answers);
        call.request(2);
        for (int i = 0; i < 3_000; i++) {
            call.sendMessage(request("message " + i));
        }
        call.halfClose();

        assertThat(answers.next().getMessage()).isEqualTo("got 3000");
        assertThat(answers.end().getCode()).isEqualTo(Code.OK);
    }

    @Test
    void chatAnswersBeforeAndAfterTheCallerHasSentItsLast() throws Exception {
        methods.bidi((in, out, _) -> {
            var all = new ArrayList<String>();
            for (var request : in) {
                all.add(request.getMessage());
                out.send(response("heard " + request.getMessage()));
            }
            out.send(response("in all " + all));
        });
        var answers = new Answers();
        var call = start(DiagnosticsServiceGrpc.getEchoChatMethod(), answers);
        call.request(10);

        call.sendMessage(request("one"));
        assertThat(answers.next().getMessage()).isEqualTo("heard one");
        call.sendMessage(request("two"));
        assertThat(answers.next().getMessage()).isEqualTo("heard two");
        assertThat(answers.status).isNotDone();
        call.halfClose();

        assertThat(answers.next().getMessage()).isEqualTo("in all [one, two]");
        assertThat(answers.end().getCode()).isEqualTo(Code.OK);
    }

    @Test
    void chatMayEndBeforeItsCaller() throws Exception {
        methods.bidi((in, out, _) ->
                out.send(response("last of " + in.next().orElseThrow().getMessage())));
        var answers = new Answers();
        var call = start(DiagnosticsServiceGrpc.getEchoChatMethod(), answers);
        call.request(10);
        call.sendMessage(request("one"));

        assertThat(answers.next().getMessage()).isEqualTo("last of one");
        assertThat(answers.end().getCode()).isEqualTo(Code.OK);
        awaitNoActiveCalls();
    }

    /// What the caller has under way when it is refused must neither block nor break the
    /// connection, nor use up its window.
    @Test
    void refusedClientStreamLeavesTheConnectionUsable() throws Exception {
        methods.unary((request, _) -> response(request.getMessage()));
        methods.clientStreaming((_, _) -> {
            throw new RpcException(Code.ABORTED, "not this one");
        });
        for (int round = 0; round < 30; round++) {
            var answers = new Answers();
            var call = start(DiagnosticsServiceGrpc.getEchoCollectMethod(), answers);
            call.request(1);
            for (int i = 0; i < 2_000 && !answers.status.isDone(); i++) {
                call.sendMessage(request("message " + i));
            }
            assertThat(answers.end().getCode()).isEqualTo(Code.ABORTED);
        }

        assertThat(stub().echo(request("still here")).getMessage()).isEqualTo("still here");
    }

    @Test
    void unknownMethodAndServiceAreUnimplemented() {
        for (var name :
                new String[] {"heddle.diagnostics.v1.DiagnosticsService/No", "no.Such/Service"}) {
            var method =
                    DiagnosticsServiceGrpc.getEchoMethod().toBuilder()
                            .setFullMethodName(name)
                            .build();

            var failure =
                    catchThrowableOfType(
                            StatusRuntimeException.class,
                            () ->
                                    io.grpc.stub.ClientCalls.blockingUnaryCall(
                                            channel,
                                            method,
                                            io.grpc.CallOptions.DEFAULT,
                                            request("x")));

            assertThat(failure.getStatus().getCode()).isEqualTo(Code.UNIMPLEMENTED);
            assertThat(failure.getStatus().getDescription())
                    .isEqualTo("there is no method " + name);
        }
    }
}
