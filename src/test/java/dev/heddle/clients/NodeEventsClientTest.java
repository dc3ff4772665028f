package dev.heddle.clients;

import dev.heddle.testing.GatewayTest;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;

/// The client in `etc/clients/node-events`, with `eventsource`.
final class NodeEventsClientTest extends GatewayTest {
    private final URI gateway;

    NodeEventsClientTest(URI gateway) {
        this.gateway = gateway;
    }

    @Test
    void eventsArriveOnceHoweverOftenTheyAreCut() throws IOException, InterruptedException {
        Program.script("node-events/run").run("127.0.0.1:" + gateway.getPort(), token());
    }
}
