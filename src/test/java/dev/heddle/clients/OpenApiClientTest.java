package dev.heddle.clients;

import dev.heddle.testing.GatewayTest;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;

/// The client in `etc/clients/openapi`: Redocly, Spectral and Prism find the document and the
/// answers at one.
final class OpenApiClientTest extends GatewayTest {
    private final URI gateway;

    OpenApiClientTest(URI gateway) {
        this.gateway = gateway;
    }

    @Test
    void documentAndAnswersAgree() throws IOException, InterruptedException {
        Program.script("openapi/run").run("127.0.0.1:" + gateway.getPort(), token());
    }
}
