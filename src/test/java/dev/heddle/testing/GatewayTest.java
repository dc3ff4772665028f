package dev.heddle.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.TestGateway;
import io.helidon.webserver.WebServerConfig;
import io.helidon.webserver.testing.junit5.ServerTest;
import io.helidon.webserver.testing.junit5.SetUpServer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;

/// A whole gateway on a real server and a database of its own, for one test class.
@ServerTest
public abstract class GatewayTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static @Nullable TestGateway gateway;

    @SetUpServer
    static void setUp(WebServerConfig.Builder server) throws Exception {
        gateway = TestGateway.open(TestPostgres.createDatabase());
        gateway.listen(server);
    }

    @AfterAll
    static void tearDown() {
        gateway().close();
    }

    protected static TestGateway gateway() {
        return Objects.requireNonNull(gateway);
    }

    /// A token that the gateway accepts.
    protected static String token() {
        return gateway().token();
    }

    protected static void awaitNoActiveCalls() {
        await("active calls", gateway()::activeCalls);
    }

    protected static void awaitNoBusyConnections() {
        await("busy connections", gateway()::busyConnections);
    }

    private static void await(String what, IntSupplier count) {
        var end = System.nanoTime() + PATIENCE.toNanos();
        while (count.getAsInt() > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(count.getAsInt()).as(what).isZero();
    }
}
