package dev.heddle.facade.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.rpc.BadRequest.FieldViolation;
import com.google.rpc.ErrorInfo;
import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc;
import dev.heddle.rpc.RpcException;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

final class StatusTest extends GrpcTest {
    StatusTest(GrpcServer.Engine engine) {
        super(engine);
    }

    @Test
    void failureKeepsItsCodeMessageAndDetails() {
        var failure =
                new RpcException(Code.FAILED_PRECONDITION, "not now")
                        .withReason("NOT_NOW", Map.of("when", "later"));

        assertThat(failureOf(failure).toStatus()).isEqualTo(failure.toStatus());
    }

    @Test
    void failureWithoutDetailsHasNoTrailerForThem() {
        methods.unary((_, _) -> {
            throw new RpcException(Code.NOT_FOUND, "no such thing");
        });

        var failure =
                catchThrowableOfType(StatusRuntimeException.class, () -> stub().echo(request("x")));

        assertThat(failure.getStatus().getCode()).isEqualTo(Code.NOT_FOUND);
        assertThat(failure.getTrailers())
                .extracting(Metadata::keys, InstanceOfAssertFactories.iterable(String.class))
                .doesNotContain("grpc-status-details-bin");
    }

    @Test
    void messageOfAnyScriptArrivesAsItWas() {
        var text = "100% ½ é 糸 \uD83E\uDDF5\t\r\n~";

        assertThat(failureOf(new RpcException(Code.ABORTED, text)).message()).isEqualTo(text);
    }

    @Test
    void longMessageIsCutBetweenCharacters() {
        var failure = failureOf(new RpcException(Code.ABORTED, "糸".repeat(5_000)));

        assertThat(failure.message()).startsWith("糸糸糸").endsWith("糸…").hasSizeLessThan(400);
    }

    @Test
    void detailsBeyondWhatClientsTakeAreLeftOut() {
        var violations =
                IntStream.range(0, 200)
                        .mapToObj(i -> FieldViolation.newBuilder().setField("field" + i).build())
                        .map(violation -> violation.toBuilder().setDescription("is wrong").build())
                        .toList();
        var sent = new RpcException(Code.INVALID_ARGUMENT, "wrong").withReason("WRONG");

        var failure =
                failureOf(
                        sent.withDetail(
                                com.google.rpc.BadRequest.newBuilder()
                                        .addAllFieldViolations(violations)
                                        .build()));

        assertThat(failure.message()).isEqualTo("wrong");
        assertThat(failure.detail(ErrorInfo.class)).isPresent();
        assertThat(failure.reason()).contains("WRONG");
    }

    @Test
    void largeDetailsDoNotHangTheConnection() {
        for (int i = 0; i < 10; i++) {
            var sent =
                    new RpcException(Code.ABORTED, "x".repeat(1000))
                            .withReason("LARGE", Map.of("filler", (i + "y").repeat(900)));

            assertThat(failureOf(sent).reason()).contains("LARGE");
        }
    }

    @Test
    void unexpectedExceptionIsInternalAndTellsNothingOfItself() {
        methods.unary((_, _) -> {
            throw new IllegalStateException("secret");
        });

        var failure =
                catchThrowableOfType(StatusRuntimeException.class, () -> stub().echo(request("x")));

        assertThat(failure.getStatus().getCode()).isEqualTo(Code.INTERNAL);
        assertThat(failure.getStatus().getDescription())
                .startsWith("internal error, reference ")
                .doesNotContain("secret");
    }

    @Test
    void errorInAHandlerGivesAStatusToo() {
        methods.serverStreaming((_, out, _) -> {
            out.send(response("one"));
            throw new AssertionError("broken");
        });

        var answers = stub().echoStream(request("x"));

        assertThat(answers.next().getMessage()).isEqualTo("one");
        assertThat(
                        catchThrowableOfType(StatusRuntimeException.class, answers::hasNext)
                                .getStatus()
                                .getCode())
                .isEqualTo(Code.INTERNAL);
    }

    @Test
    void bytesThatAreNoMessageAreRefused() {
        var failure = failureOfBytes(new byte[] {(byte) 0xFF, (byte) 0xFF});

        assertThat(failure.getStatus().getCode()).isEqualTo(Code.INTERNAL);
        assertThat(failure.getStatus().getDescription())
                .startsWith("the request is no heddle.diagnostics.v1.EchoRequest");
    }

    @Test
    void messageBeyondTheBoundIsRefused() {
        assertThat(failureOfBytes(new byte[5 * 1024 * 1024]).getStatus().getCode())
                .isEqualTo(Code.RESOURCE_EXHAUSTED);
        methods.unary((request, _) -> response(request.getMessage()));
        assertThat(stub().echo(request("still here")).getMessage()).isEqualTo("still here");
    }

    @Test
    void messageThatExpandsBeyondTheBoundIsRefused() {
        var failure =
                catchThrowableOfType(
                        StatusRuntimeException.class,
                        () ->
                                io.grpc.stub.ClientCalls.blockingUnaryCall(
                                        channel,
                                        Bytes.method(DiagnosticsServiceGrpc.getEchoMethod()),
                                        io.grpc.CallOptions.DEFAULT.withCompression("gzip"),
                                        new byte[100 * 1024 * 1024]));

        assertThat(failure.getStatus().getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    }

    private StatusRuntimeException failureOfBytes(byte[] bytes) {
        return catchThrowableOfType(
                StatusRuntimeException.class,
                () ->
                        io.grpc.stub.ClientCalls.blockingUnaryCall(
                                channel,
                                Bytes.method(DiagnosticsServiceGrpc.getEchoMethod()),
                                io.grpc.CallOptions.DEFAULT,
                                bytes));
    }

    private RpcException failureOf(RpcException thrown) {
        methods.unary((_, _) -> {
            throw thrown;
        });
        var failure =
                catchThrowableOfType(StatusRuntimeException.class, () -> stub().echo(request("x")));
        return RpcException.of(
                StatusProto.fromStatusAndTrailers(failure.getStatus(), failure.getTrailers()));
    }
}
