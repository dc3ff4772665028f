package dev.heddle.clients;

import dev.heddle.testing.GatewayTest;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;

/// The client in `etc/clients/node-ws`, with `ws`.
final class NodeWebSocketClientTest extends GatewayTest {
    private final URI gateway;

    NodeWebSocketClientTest(URI gateway) {
        this.gateway = gateway;
    }

    @Test
    void clientInNodeFindsWhatTheContractSays() throws IOException, InterruptedException {
        Program.script("node-ws/run").run("127.0.0.1:" + gateway.getPort(), token());
    }
}
