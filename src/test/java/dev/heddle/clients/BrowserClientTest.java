package dev.heddle.clients;

import dev.heddle.TestGateway;
import dev.heddle.testing.TestCertificate;
import dev.heddle.testing.TestPostgres;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The page in `etc/clients/browser`, in Chromium and over TLS.
final class BrowserClientTest {
    @Test
    void pageInChromiumFindsWhatTheContractSays(@TempDir Path folder) throws Exception {
        var configuration = TestCertificate.in(folder).configuration();
        try (var gateway = TestGateway.open(TestPostgres.createDatabase(), configuration).start()) {
            Program.script("browser/run")
                    .run("https://127.0.0.1:" + gateway.port(), gateway.token());
        }
    }
}
