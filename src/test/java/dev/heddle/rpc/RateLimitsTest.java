package dev.heddle.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.util.Durations;
import com.google.rpc.RetryInfo;
import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc;
import dev.heddle.notifications.v1.NotificationServiceGrpc;
import io.grpc.Status.Code;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class RateLimitsTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final RateLimits limited = limits(new RateLimit(3600, HOUR, 2));

    @Test
    void callsBeyondTheBurstAreRefusedAndTheCallerIsToldWhenToComeBack() {
        count(limited, call("ada", "192.0.2.1:1"));
        var last = call("ada", "192.0.2.2:1");
        count(limited, last);
        var refused = call("ada", "192.0.2.3:1");

        var failure = catchThrowableOfType(RpcException.class, () -> count(limited, refused));

        assertThat(field(last, "ratelimit-policy")).isEqualTo("\"caller\";q=3600;w=3600");
        assertThat(field(last, "ratelimit")).isEqualTo("\"caller\";r=0;t=2");
        assertThat(field(refused, "ratelimit")).isEqualTo("\"caller\";r=0;t=2");
        assertThat(failure.code()).isEqualTo(Code.RESOURCE_EXHAUSTED);
        assertThat(failure.reason()).contains("RATE_LIMITED");
        assertThat(failure.message()).isEqualTo("more than 3600 calls in 3600 s");
        assertThat(
                        Durations.toMillis(
                                failure.detail(RetryInfo.class).orElseThrow().getRetryDelay()))
                .isBetween(0L, 1000L);
    }

    @Test
    void callersDoNotShareWhatTheyMay() {
        for (var i = 0; i < 2; i++) {
            count(limited, call("ada", "192.0.2.1:1"));
            count(limited, call("bob", "192.0.2.1:1"));
            // known by their addresses, whatever the port
            count(limited, call("", "192.0.2.1:" + i));
            count(limited, call("", "192.0.2.2:" + i));
        }

        for (var exhausted : new Call[] {call("bob", "192.0.2.9:1"), call("", "192.0.2.2:7")}) {
            assertThatThrownBy(() -> count(limited, exhausted)).isInstanceOf(RpcException.class);
        }
    }

    @Test
    void subjectThatLooksLikeAnAddressIsNone() {
        var one = limits(RateLimit.of(1, HOUR));
        count(one, call("192.0.2.1", "192.0.2.8:1"));
        count(one, call("", "192.0.2.1:1"));
    }

    @Test
    void nobodyIsToldOfLimitsThatThereAreNot() {
        var none = new RateLimits(LimitSettings.DEFAULT);
        var call = call("ada", "192.0.2.1:1");

        for (var i = 0; i < 100_000; i++) {
            count(none, call);
        }

        assertThat(call.responseHeaders().build().isEmpty()).isTrue();
    }

    @Test
    void methodWithALimitInItsContractHasItForEachCaller() {
        var none = new RateLimits(LimitSettings.DEFAULT);
        var limit =
                Policy.of(NotificationServiceGrpc.getSendNotificationMethod())
                        .rateLimit()
                        .orElseThrow();

        for (var i = 0; i < limit.burst(); i++) {
            count(none, notification("ada"));
        }
        var failure =
                catchThrowableOfType(
                        RpcException.class,
                        () -> {
                            // tokens may come in meanwhile
                            for (var i = 0; i < limit.burst(); i++) {
                                count(none, notification("ada"));
                            }
                        });

        assertThat(failure.message())
                .contains("calls of heddle.notifications.v1.NotificationService/SendNotification");
        count(none, notification("bob"));
        count(none, call("ada", "192.0.2.1:1"));
    }

    @Test
    void bucketsOfManyCallersStayBounded() {
        var settings =
                new LimitSettings(1, 1, 1, 50, HOUR, Optional.of(new RateLimit(1, HOUR, 1)), 100);
        var bounded = new RateLimits(settings);

        for (var i = 0; i < 10_000; i++) {
            count(bounded, call("caller-" + i, "192.0.2.1:1"));
        }
        var refused = 0;
        for (var i = 0; i < 10_000; i++) {
            try {
                count(bounded, call("caller-" + i, "192.0.2.1:1"));
            } catch (RpcException _) {
                refused++;
            }
        }
        assertThat(refused).isLessThan(1000);
    }

    @Test
    void whoGuessesCredentialsIsCountedByAddress() {
        var guesser =
                new Pipeline(
                        _ -> {
                            throw new RpcException(Code.UNAUTHENTICATED, "no such token");
                        },
                        new Pipeline.Settings(
                                Duration.ofSeconds(1),
                                LimitSettings.atMost(10).withPerCaller(RateLimit.of(2, HOUR))),
                        new SimpleMeterRegistry(),
                        OpenTelemetry.noop());
        for (var expected :
                new Code[] {Code.UNAUTHENTICATED, Code.UNAUTHENTICATED, Code.RESOURCE_EXHAUSTED}) {
            var call = guesser.open(rpc(), origin("192.0.2.1:1"));
            assertThatThrownBy(() ->
                            guesser.run(
                                    rpc(), call, Inbound.of(rpc().contract().request()), _ -> {}))
                    .isInstanceOfSatisfying(
                            RpcException.class, e -> assertThat(e.code()).isEqualTo(expected));
        }
    }

    @Test
    void wrongLimitsAreRefusedWithTheirKey() {
        assertThatThrownBy(() -> new RateLimit(0, HOUR, 1))
                .hasMessage("requests: 0 (expected: 1 to 1000000000)");
        assertThatThrownBy(() -> new RateLimit(1, Duration.ofMillis(1), 1))
                .hasMessage("per: PT0.001S (expected: at least a second)");
    }

    private static RateLimits limits(RateLimit perCaller) {
        return new RateLimits(LimitSettings.DEFAULT.withPerCaller(perCaller));
    }

    private static void count(RateLimits limits, Call call) {
        limits.count(call);
    }

    private static String field(Call call, String name) {
        return call.responseHeaders().build().first(name).orElseThrow();
    }

    private static Call call(String subject, String peer) {
        var call = new Call(rpc(), origin(peer));
        call.authenticatedAs(new Caller(subject, Set.of()));
        return call;
    }

    private static Call notification(String subject) {
        var call =
                new Call(
                        new Rpc.Unary<>(
                                Contract.of(
                                        NotificationServiceGrpc.getSendNotificationMethod(),
                                        Optional.empty()),
                                (_, _) -> {
                                    throw new IllegalStateException("never called");
                                }),
                        origin("192.0.2.1:1"));
        call.authenticatedAs(new Caller(subject, Set.of()));
        return call;
    }

    private static Call.Origin origin(String peer) {
        return new Call.Origin("test", Headers.empty(), peer, Optional.empty());
    }

    private static Rpc.Unary<
                    dev.heddle.diagnostics.v1.EchoRequest, dev.heddle.diagnostics.v1.EchoResponse>
            rpc() {
        return new Rpc.Unary<>(
                Contract.of(DiagnosticsServiceGrpc.getEchoMethod(), Optional.empty()),
                (_, _) -> dev.heddle.diagnostics.v1.EchoResponse.getDefaultInstance());
    }
}
