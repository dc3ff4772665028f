package dev.heddle.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.TestPostgres;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class CommandLineTest {
    @TempDir private Path folder = Path.of("");

    @Test
    void helpNamesTheCommands() throws Exception {
        var help = HeddleProcess.run(Map.of(), "--help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains("Usage: heddle", "serve", "token", "demo", "test", "bench");
        assertThat(help.err()).isEmpty();
    }

    @Test
    void versionIsALine() throws Exception {
        var version = HeddleProcess.run(Map.of(), "--version");

        assertThat(version.exitCode()).isZero();
        assertThat(version.out()).matches("Heddle \\S.*\n");
    }

    @Test
    void unknownCommandIsRefused() throws Exception {
        var outcome = HeddleProcess.run(Map.of(), "serf");

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err()).contains("'serf'", "serve");
    }

    @Test
    void unknownKeyIsRefusedInALineThatNamesIt() throws Exception {
        var file = Files.writeString(folder.resolve("heddle.yaml"), "server:\n  prot: 1\n");

        var outcome =
                HeddleProcess.run(
                        Map.of(),
                        "serve",
                        "--config",
                        file.toString(),
                        "--data",
                        folder.resolve("data").toString());

        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err().lines()).hasSize(1);
        assertThat(outcome.err()).contains("no key server.prot", "server.port");
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void portInUseIsRefusedInALine() throws Exception {
        var postgres = TestPostgres.createDatabase();
        try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var outcome =
                    HeddleProcess.run(
                            Map.of(
                                    "HEDDLE_DB_URL", postgres.jdbcUrl(),
                                    "HEDDLE_DB_USERNAME", postgres.username(),
                                    "HEDDLE_DB_PASSWORD", postgres.password()),
                            "serve",
                            "--port",
                            Integer.toString(taken.getLocalPort()),
                            "--data",
                            folder.resolve("data").toString());

            assertThat(outcome.exitCode()).isEqualTo(2);
            assertThat(outcome.err().lines()).hasSize(1);
            assertThat(outcome.err())
                    .startsWith("heddle serve: the address is in use")
                    .contains("--port", "127.0.0.1:" + taken.getLocalPort());
        }
    }
}
