package dev.heddle.async;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.RetryInfo;
import dev.heddle.async.Bulkhead.Settings;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.Calls;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class BulkheadTest {
    @Test
    void oneBeyondTheQueueIsRefusedAtOnce() {
        var bulkhead = new Bulkhead("store", new Settings(1, 0, Duration.ofHours(1)));
        try (var _ = bulkhead.enter()) {
            var failure = Calls.failure(bulkhead::enter);

            assertThat(failure.code()).isEqualTo(Code.RESOURCE_EXHAUSTED);
            assertThat(failure.reason()).contains(RpcException.OVERLOADED);
            assertThat(failure.detail(RetryInfo.class)).isPresent();
            assertThat(failure.message()).isEqualTo("store is busy: 1 at once, and 0 wait already");
        }
        bulkhead.enter().close();
    }

    @Test
    void waitHasAnEnd() {
        var bulkhead = new Bulkhead("store", new Settings(1, 1, Duration.ofMillis(20)));
        try (var _ = bulkhead.enter()) {
            assertThat(Calls.failure(bulkhead::enter).code()).isEqualTo(Code.RESOURCE_EXHAUSTED);
        }
        assertThat(bulkhead.waiting()).isZero();
    }

    @Test
    void deadlineOfTheCallEndsTheWait() {
        var bulkhead = new Bulkhead("store", new Settings(1, 1, Duration.ofHours(1)));
        try (var _ = bulkhead.enter()) {
            var served = Served.start(Duration.ofMillis(50), bulkhead::enter);

            assertThat(served.failure().orElseThrow().code()).isEqualTo(Code.DEADLINE_EXCEEDED);
        }
        assertThat(bulkhead.waiting()).isZero();
    }

    @Test
    void cancelledWaiterLeavesTheQueueToOthers() {
        var bulkhead = new Bulkhead("store", new Settings(1, 1, Duration.ofHours(1)));
        var held = bulkhead.enter();
        var gone = Served.start(bulkhead::enter);
        awaitWaiting(bulkhead);
        gone.cancel();
        assertThat(gone.failure().orElseThrow().code()).isEqualTo(Code.CANCELLED);

        var next = Served.start(() -> enterAndLeave(bulkhead));
        awaitWaiting(bulkhead);
        held.close();
        assertThat(next.failure()).isEmpty();

        assertThat(bulkhead.busy()).isZero();
    }

    @Test
    void placeIsGivenBackOnce() {
        var bulkhead = new Bulkhead("store", new Settings(1, 0, Duration.ZERO));
        var place = bulkhead.enter();
        place.close();
        place.close();

        assertThat(bulkhead.busy()).isZero();
    }

    private static String enterAndLeave(Bulkhead bulkhead) {
        bulkhead.enter().close();
        return "left";
    }

    private static void awaitWaiting(Bulkhead bulkhead) {
        while (bulkhead.waiting() == 0) {
            LockSupport.parkNanos(1_000_000);
        }
    }
}
