package dev.heddle.clients;

import dev.heddle.testing.GatewayTest;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;

/// The client in `etc/clients/node-connect`: `@connectrpc/connect-node` over its three protocols,
/// and `grpc-web`.
final class NodeConnectClientTest extends GatewayTest {
    private final URI gateway;

    NodeConnectClientTest(URI gateway) {
        this.gateway = gateway;
    }

    @Test
    void clientsOfConnectFindWhatTheContractSays() throws IOException, InterruptedException {
        Program.script("node-connect/run").run("127.0.0.1:" + gateway.getPort(), token());
    }
}
