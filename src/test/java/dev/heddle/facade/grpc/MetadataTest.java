package dev.heddle.facade.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class MetadataTest extends GrpcTest {
    private static final Metadata.Key<String> TEXT =
            Metadata.Key.of("x-text", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<byte[]> BINARY =
            Metadata.Key.of("x-data-bin", Metadata.BINARY_BYTE_MARSHALLER);
    private static final byte[] FIRST = {0, -1, 2};
    private static final byte[] SECOND = {};
    private static final byte[] THIRD = {3};

    MetadataTest(GrpcServer.Engine engine) {
        super(engine);
    }

    @Test
    void everyValueOfTheRequestReachesTheHandler() {
        var received = new AtomicReference<Headers>();
        methods.unary((_, call) -> {
            received.set(call.headers());
            return response("");
        });
        var metadata = new Metadata();
        metadata.put(TEXT, "one");
        metadata.put(TEXT, "two, three");
        metadata.put(BINARY, FIRST);
        metadata.put(BINARY, SECOND);
        metadata.put(BINARY, THIRD);

        stub().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                .echo(request("x"));

        assertThat(received.get().all("x-text")).containsExactly("one", "two, three");
        assertThat(received.get().all("x-data-bin")).containsExactly("AP8C", "", "Aw");
    }

    @Test
    void headersAndTrailersOfTheAnswerReachTheCaller() throws Exception {
        methods.serverStreaming((_, out, call) -> {
            call.responseHeaders().add("x-text", "a").add("x-text", "b").add("x-data-bin", "AP8C");
            out.send(response("one"));
            call.responseTrailers()
                    .add("x-text", "z")
                    .add("x-data-bin", "AP8C")
                    .add("x-data-bin", "Aw");
        });
        var answers = new Answers();
        var call = start(DiagnosticsServiceGrpc.getEchoStreamMethod(), answers);
        call.request(10);
        call.sendMessage(request("x"));
        call.halfClose();

        assertThat(answers.end().getCode()).isEqualTo(Code.OK);
        assertThat(String.join(",", values(answers.headers.get()))).isEqualTo("a,b");
        assertThat(answers.headers.get().get(BINARY)).isEqualTo(FIRST);
        assertThat(answers.trailers.get().get(TEXT)).isEqualTo("z");
        assertThat(answers.trailers.get().getAll(BINARY)).containsExactly(FIRST, THIRD);
    }

    @Test
    void headersOfAFailureReachTheCallerToo() throws Exception {
        methods.unary((_, call) -> {
            call.responseHeaders().add("x-text", "seen");
            call.responseTrailers().add("x-data-bin", "AP8C");
            throw new RpcException(Code.ABORTED, "no");
        });
        var answers = new Answers();
        var call = start(DiagnosticsServiceGrpc.getEchoMethod(), answers);
        call.request(1);
        call.sendMessage(request("x"));
        call.halfClose();

        assertThat(answers.end().getCode()).isEqualTo(Code.ABORTED);
        assertThat(answers.headers.get().get(TEXT)).isEqualTo("seen");
        assertThat(answers.trailers.get().get(BINARY)).isEqualTo(FIRST);
    }

    @Test
    void timeoutIsReadInEveryUnit() {
        var remaining = new ArrayList<Optional<Duration>>();
        methods.unary((_, call) -> {
            remaining.add(call.remaining());
            return response("");
        });

        for (var timeout : List.of("2H", "120M", "7200S", "7200000m", "99999999u", "99999999n")) {
            withTimeout(timeout, "x");
        }

        assertThat(remaining.subList(0, 4))
                .allSatisfy(left ->
                        assertThat(left.orElseThrow())
                                .isBetween(Duration.ofMinutes(119), Duration.ofHours(2)));
        assertThat(remaining.get(4).orElseThrow())
                .isBetween(Duration.ofSeconds(90), Duration.ofSeconds(100));
        assertThat(remaining.get(5).orElseThrow())
                .isBetween(Duration.ofMillis(1), Duration.ofMillis(100));
    }

    @Test
    void malformedTimeoutIsRefused() {
        for (var timeout : List.of("1", "S", "1s", "123456789S", "-1S", "1.5S")) {
            var failure =
                    catchThrowableOfType(
                            StatusRuntimeException.class, () -> withTimeout(timeout, "x"));

            assertThat(failure.getStatus().getCode()).isEqualTo(Code.INVALID_ARGUMENT);
            assertThat(failure.getStatus().getDescription()).startsWith("grpc-timeout: " + timeout);
        }
    }

    /// The values, however they were joined on the way.
    private static Iterable<String> values(Metadata metadata) {
        return Objects.requireNonNull(metadata.getAll(TEXT));
    }

    private void withTimeout(String timeout, String message) {
        var metadata = new Metadata();
        metadata.put(Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER), timeout);
        io.grpc.stub.ClientCalls.blockingUnaryCall(
                io.grpc.ClientInterceptors.intercept(
                        channel, MetadataUtils.newAttachHeadersInterceptor(metadata)),
                DiagnosticsServiceGrpc.getEchoMethod(),
                CallOptions.DEFAULT,
                request(message));
    }
}
