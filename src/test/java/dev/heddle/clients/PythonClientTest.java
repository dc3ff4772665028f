package dev.heddle.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.heddle.testing.GatewayTest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The client in `etc/clients/python`, with Python's own gRPC. Without it the test is skipped,
/// unless CI is set.
final class PythonClientTest extends GatewayTest {
    private static final int LACKING = 2;

    private final URI gateway;

    PythonClientTest(URI gateway) {
        this.gateway = gateway;
    }

    @Test
    void clientInPythonFindsWhatTheContractSays() throws IOException, InterruptedException {
        var log = Files.createTempFile(Path.of("target"), "python-client", ".log");
        var client =
                new ProcessBuilder(
                                "etc/clients/python/run", "127.0.0.1:" + gateway.getPort(), token())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            assertThat(client.waitFor(60, TimeUnit.SECONDS)).as("ends within a minute").isTrue();
        } finally {
            client.destroyForcibly();
        }
        var output = Files.readString(log);
        if (System.getenv("CI") == null) {
            assumeThat(client.exitValue()).as(output).isNotEqualTo(LACKING);
        }
        assertThat(client.exitValue()).as(output).isZero();
    }
}
