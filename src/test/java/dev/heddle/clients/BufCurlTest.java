package dev.heddle.clients;

import dev.heddle.testing.GatewayTest;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.Test;

/// The calls in `etc/clients/buf-curl`: `buf curl` in its three protocols, by reflection.
final class BufCurlTest extends GatewayTest {
    private final URI gateway;

    BufCurlTest(URI gateway) {
        this.gateway = gateway;
    }

    @Test
    void bufFindsWhatTheContractSays() throws IOException, InterruptedException {
        Program.script("buf-curl/run").run("127.0.0.1:" + gateway.getPort(), token());
    }
}
