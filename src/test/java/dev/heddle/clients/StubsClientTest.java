package dev.heddle.clients;

import dev.heddle.testing.GatewayTest;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;

/// The client in `etc/clients/stubs`: stubs that are generated from a running gateway.
final class StubsClientTest extends GatewayTest {
    private final URI gateway;

    StubsClientTest(URI gateway) {
        this.gateway = gateway;
    }

    @Test
    void stubsFromTheGatewayCallIt() throws IOException, InterruptedException {
        Program.script("stubs/run").run("127.0.0.1:" + gateway.getPort(), token());
    }
}
