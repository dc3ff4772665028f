package dev.heddle.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc;
import io.grpc.Status.Code;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LimitsTest {
    private final RpcException poolIsEmpty =
            new RpcException(Code.RESOURCE_EXHAUSTED, "no database connection became free")
                    .withReason(
                            RpcException.OVERLOADED,
                            Map.of(RpcException.RESOURCE, RpcException.DATABASE));
    private final RpcException late = new RpcException(Code.DEADLINE_EXCEEDED, "late");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void healthyGatewayServesAsManyAsConfiguredFromTheFirstMomentOn() {
        var limits = limits(1000, 10, Duration.ofSeconds(5));

        var places = acquire(limits, 1000);

        assertThatThrownBy(() -> limits.acquire(unary()))
                .isInstanceOfSatisfying(
                        RpcException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(Code.RESOURCE_EXHAUSTED);
                            assertThat(e.reason()).contains(RpcException.OVERLOADED);
                            assertThat(e.detail(com.google.rpc.RetryInfo.class)).isPresent();
                        });
        leave(places, Optional.empty());
        assertThat(free()).isEqualTo(1000);
    }

    @Test
    void failuresThatAreNotTheGatewaysLeaveTheLimitAlone() {
        var limits = limits(100, 10, Duration.ofSeconds(5));

        for (var code : Code.values()) {
            if (code != Code.OK) {
                leave(acquire(limits, 100), Optional.of(new RpcException(code, "x")));
            }
        }
        // another server that is slow, and the method's own bound
        var busy =
                new RpcException(Code.RESOURCE_EXHAUSTED, "x").withReason(RpcException.OVERLOADED);
        leave(acquire(limits, 100), Optional.of(busy));

        assertThat(free()).isEqualTo(100);
    }

    @Test
    void overloadHalvesTheLimitOnceForAllThatRanTogether() {
        var limits = limits(100, 10, Duration.ofSeconds(5));

        leave(acquire(limits, 100), Optional.of(poolIsEmpty));
        assertThat(free()).isEqualTo(50);

        leave(acquire(limits, 50), Optional.of(poolIsEmpty));
        assertThat(free()).isEqualTo(25);
    }

    @Test
    void limitDoesNotGoBelowItsMinimumAndComesBackAsCallsEndWell() {
        var limits = limits(100, 10, Duration.ofSeconds(5));
        for (var round = 0; round < 20; round++) {
            leave(acquire(limits, 1), Optional.of(poolIsEmpty));
        }
        assertThat(free()).isEqualTo(10);

        for (var round = 0; free() < 100 && round < 1000; round++) {
            leave(acquire(limits, free()), Optional.empty());
        }
        assertThat(free()).isEqualTo(100);
    }

    @Test
    void failureByTimeCountsOnlyOfACallThatHadTime() {
        var patient = limits(100, 10, Duration.ofHours(1));
        leave(acquire(patient, 1), Optional.of(late));
        assertThat(free()).isEqualTo(100);
    }

    @Test
    void callThatHadTimeAndFailedByItIsOverload() {
        var hasty = limits(100, 10, Duration.ofNanos(1));
        leave(acquire(hasty, 1), Optional.of(late));
        assertThat(free()).isEqualTo(50);
    }

    @Test
    void streamsHaveABoundOfTheirOwn() {
        var limits =
                new Limits(
                        new LimitSettings(1, 2, 1, 50, Duration.ofSeconds(5), Optional.empty(), 10),
                        meters);

        var unary = limits.acquire(unary());
        var streams = List.of(limits.acquire(stream()), limits.acquire(stream()));

        assertThatThrownBy(() -> limits.acquire(stream()))
                .hasMessage("the gateway serves 2 streams already");
        leave(streams, Optional.of(poolIsEmpty));
        unary.leave(Optional.empty());
        leave(List.of(limits.acquire(unary()), limits.acquire(stream())), Optional.empty());
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1:4711, 192.0.2.1",
        "192.0.2.1, 192.0.2.1",
        "2001:db8:1:2:3:4:5:6:4711, 20010db800010002",
        "2001:db8:1:2:ffff:4:5:6:80, 20010db800010002",
        "0:0:0:0:0:0:0:1:80, 0000000000000000",
        "unknown:1, unknown"
    })
    void addressesOfOnePeerCountAsOne(String peer, String expected) {
        assertThat(PeerAddress.of(peer)).isEqualTo(expected);
    }

    private Limits limits(int max, int min, Duration overloadAfter) {
        return new Limits(
                new LimitSettings(max, max, min, 50, overloadAfter, Optional.empty(), 10), meters);
    }

    private int free() {
        return (int) meters.get("rpc.server.free").gauge().value();
    }

    private static List<Place> acquire(Limits limits, int count) {
        var places = new ArrayList<Place>();
        for (var i = 0; i < count; i++) {
            places.add(limits.acquire(unary()));
        }
        return places;
    }

    private static void leave(List<Place> places, Optional<RpcException> failure) {
        places.forEach(place -> place.leave(failure));
    }

    private static Rpc<?, ?> unary() {
        return new Rpc.Unary<>(
                Contract.of(DiagnosticsServiceGrpc.getEchoMethod(), Optional.empty()),
                (_, _) -> {
                    throw new IllegalStateException("never called");
                });
    }

    private static Rpc<?, ?> stream() {
        return new Rpc.ServerStreaming<>(
                Contract.of(DiagnosticsServiceGrpc.getEchoStreamMethod(), Optional.empty()),
                (_, _, _) -> {});
    }
}
