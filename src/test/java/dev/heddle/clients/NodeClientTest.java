package dev.heddle.clients;

import dev.heddle.testing.GatewayTest;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;

/// The client in `etc/clients/node-grpc`, with `@grpc/grpc-js`.
final class NodeClientTest extends GatewayTest {
    private final URI gateway;

    NodeClientTest(URI gateway) {
        this.gateway = gateway;
    }

    @Test
    void clientInNodeFindsWhatTheContractSays() throws IOException, InterruptedException {
        Program.script("node-grpc/run").run("127.0.0.1:" + gateway.getPort(), token());
    }
}
