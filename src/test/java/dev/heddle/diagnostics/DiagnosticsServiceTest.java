package dev.heddle.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import com.google.rpc.BadRequest;
import com.google.rpc.Status;
import dev.heddle.diagnostics.v1.EchoRequest;
import dev.heddle.diagnostics.v1.EchoResponse;
import dev.heddle.rpc.Call;
import dev.heddle.rpc.Caller;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.Inbound;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Rpc;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Rpcs;
import io.grpc.Status.Code;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class DiagnosticsServiceTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.006Z");

    private final Rpcs rpcs =
            Rpcs.builder().add(new DiagnosticsService(InstantSource.fixed(NOW))).build();
    private final List<EchoResponse> answers = new ArrayList<>();
    private final Pipeline pipeline =
            new Pipeline(
                    _ -> new Caller("test", Set.of()),
                    new Pipeline.Settings(Duration.ofSeconds(10), 10),
                    new SimpleMeterRegistry(),
                    OpenTelemetry.noop());

    @Test
    void echoAnswersWithTheMessageAndTheTime() {
        call("Echo", echo("hello"));

        assertThat(answers)
                .containsExactly(
                        EchoResponse.newBuilder()
                                .setMessage("hello")
                                .setIndex(1)
                                .setAnswerTime(Timestamps.fromMillis(NOW.toEpochMilli()))
                                .build());
    }

    @Test
    void streamIsNumberedFromBehindWhereItBrokeOff() {
        call("EchoStream", echo("x").setCount(10).setAfter(7));

        assertThat(answers).extracting(EchoResponse::getIndex).containsExactly(8L, 9L, 10L);
    }

    @Test
    void streamWithoutACountIsEmpty() {
        call("EchoStream", echo("x"));

        assertThat(answers).isEmpty();
    }

    @Test
    void errorComesBehindTheAnswers() {
        var error = Status.newBuilder().setCode(Code.DATA_LOSS.value()).setMessage("gone").build();

        var failure = failure(() -> call("EchoStream", echo("x").setCount(2).setError(error)));

        assertThat(failure.toStatus()).isEqualTo(error);
        assertThat(answers).hasSize(2);
    }

    @Test
    void errorThatIsNoneIsRefused() {
        var failure = failure(() -> call("Echo", echo("x").setError(Status.getDefaultInstance())));

        assertThat(failure.code()).isEqualTo(Code.INVALID_ARGUMENT);
        assertThat(failure.detail(BadRequest.class).orElseThrow().getFieldViolations(0).getField())
                .isEqualTo("error.code");
    }

    @Test
    void collectJoinsTheMessages() {
        call("EchoCollect", echo("one"), echo("two"), echo("three"));

        assertThat(answers).extracting(EchoResponse::getMessage).containsExactly("one two three");
    }

    @Test
    void collectOfTooMuchIsRefused() {
        var large = echo("x".repeat(600_000));

        var failure = failure(() -> call("EchoCollect", large, large));

        assertThat(failure.code()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    }

    @Test
    void chatAnswersEachMessageAndEndsWithTheError() {
        var error = Status.newBuilder().setCode(Code.ABORTED.value()).build();

        var failure =
                failure(() ->
                        call("EchoChat", echo("one"), echo("two").setError(error), echo("three")));

        assertThat(failure.code()).isEqualTo(Code.ABORTED);
        assertThat(answers).extracting(EchoResponse::getMessage).containsExactly("one", "two");
        assertThat(answers).extracting(EchoResponse::getIndex).containsExactly(1L, 2L);
    }

    @Test
    void waitEndsWithTheDeadline() {
        var failure =
                failure(() ->
                        call(
                                "EchoStream",
                                Optional.of(Duration.ofMillis(50)),
                                echo("x").setCount(1).setInterval(Durations.fromSeconds(60))));

        assertThat(failure.code()).isEqualTo(Code.DEADLINE_EXCEEDED);
    }

    private static EchoRequest.Builder echo(String message) {
        return EchoRequest.newBuilder().setMessage(message);
    }

    private void call(String method, EchoRequest.Builder... requests) {
        call(method, Optional.empty(), requests);
    }

    @SuppressWarnings("unchecked") // all methods of the service have these messages
    private void call(String method, Optional<Duration> timeout, EchoRequest.Builder... requests) {
        var rpc =
                (Rpc<EchoRequest, EchoResponse>)
                        rpcs.find("heddle.diagnostics.v1.DiagnosticsService/" + method)
                                .orElseThrow();
        var call = pipeline.open(rpc, new Call.Origin("test", Headers.empty(), "nowhere", timeout));
        var left = List.of(requests).iterator();
        Inbound<EchoRequest> in =
                () -> left.hasNext() ? Optional.of(left.next().build()) : Optional.empty();
        pipeline.run(rpc, call, in, answers::add);
    }

    private static RpcException failure(Runnable body) {
        return catchThrowableOfType(RpcException.class, body::run);
    }
}
