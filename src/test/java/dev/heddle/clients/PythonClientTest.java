package dev.heddle.clients;

import dev.heddle.testing.GatewayTest;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;

/// The client in `etc/clients/python`, with Python's own gRPC.
final class PythonClientTest extends GatewayTest {
    private final URI gateway;

    PythonClientTest(URI gateway) {
        this.gateway = gateway;
    }

    @Test
    void clientInPythonFindsWhatTheContractSays() throws IOException, InterruptedException {
        Program.script("python/run").run("127.0.0.1:" + gateway.getPort(), token());
    }
}
