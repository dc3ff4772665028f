package dev.heddle.clients;

import dev.heddle.testing.GatewayTest;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;

/// The client in `etc/clients/gax`: what Google's REST client makes of random requests is answered
/// as gRPC answers them.
final class GaxTest extends GatewayTest {
    private final URI gateway;

    GaxTest(URI gateway) {
        this.gateway = gateway;
    }

    @Test
    void methodsThatReadAnswerAsOverGrpc() throws IOException, InterruptedException {
        Program.script("gax/run").run("127.0.0.1:" + gateway.getPort(), token());
    }

    @Test
    void everyTypeOfFieldArrivesAsOverGrpc() throws IOException, InterruptedException {
        try (var server = new ShapeServer()) {
            Program.script("gax/run")
                    .run("127.0.0.1:" + server.port(), "none", "heddle.testing.v1.ShapeService");
        }
    }
}
