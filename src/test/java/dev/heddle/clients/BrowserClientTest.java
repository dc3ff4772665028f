package dev.heddle.clients;

import dev.heddle.TestGateway;
import dev.heddle.testing.TestCertificate;
import dev.heddle.testing.TestPostgres;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page in `etc/clients/browser`, in Chromium and over TLS.
final class BrowserClientTest {
    @Test
    void pageInChromiumFindsWhatTheContractSays(@TempDir Path folder) throws Exception {
        var certificate = TestCertificate.in(folder);
        var settings =
                Map.of(
                        "server.tls.certificate", certificate.certificate().toString(),
                        "server.tls.private-key", certificate.privateKey().toString());
        try (var gateway = TestGateway.open(TestPostgres.createDatabase(), settings).start()) {
            Program.script("browser/run")
                    .run("https://127.0.0.1:" + gateway.port(), gateway.token());
        }
    }
}
