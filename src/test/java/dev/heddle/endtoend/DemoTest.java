package dev.heddle.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.TestGateway;
import dev.heddle.demo.Demo;
import dev.heddle.testing.GatewayCalls;
import dev.heddle.testing.TestPostgres;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// `./heddle demo` against a whole gateway.
@Timeout(120)
final class DemoTest {
    private static final int ERRANDS = 600;

    @Test
    void demoFillsTheStoreAndKeepsItBusyWithoutAFailure() throws Exception {
        try (var gateway = TestGateway.open(TestPostgres.createDatabase()).start();
                var calls = new GatewayCalls(address(gateway), gateway.token())) {
            var first = run(plan(gateway, 120, 30, 0));

            assertThat(first).contains("120 people", "30 products");
            assertThat(first.lines().toList().getLast())
                    .startsWith("%,d errands".formatted(ERRANDS))
                    .contains("orders placed", "orders paid", "comments written", " 0 failed");
            assertThat(calls.get("/v1/orders?page_size=1").body()).contains("\"orders\"");
            assertThat(calls.get("/v1/rooms/lobby/messages").body()).contains("Has anybody seen");

            assertThat(run(plan(gateway, 100, 30, 0)))
                    .doesNotContain(" products\n")
                    .contains(" 0 failed");
        }
    }

    @Test
    void portThatIsTakenIsNamedWithTheOptionThatChoosesAnother() throws Exception {
        try (var gateway = TestGateway.open(TestPostgres.createDatabase()).start();
                var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> run(plan(gateway, 1, 1, taken.getLocalPort())))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("ports from %d on".formatted(taken.getLocalPort()))
                    .hasMessageContaining("--sources-port");
        }
    }

    private static Demo.Plan plan(TestGateway gateway, int people, int products, int sourcesPort) {
        return new Demo.Plan(
                address(gateway),
                gateway.token(),
                people,
                products,
                1_000,
                ERRANDS,
                sourcesPort,
                7);
    }

    private static String run(Demo.Plan plan) throws IOException, InterruptedException {
        var out = new StringWriter();
        Demo.run(plan, new PrintWriter(out));
        return out.toString();
    }

    private static URI address(TestGateway gateway) {
        return URI.create("http://127.0.0.1:" + gateway.port());
    }
}
