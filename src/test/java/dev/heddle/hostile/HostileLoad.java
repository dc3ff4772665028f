package dev.heddle.hostile;

import dev.heddle.endtoend.HeddleProcess;
import dev.heddle.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A gateway in a process of its own with a small heap, an honest client, and for a while the
/// attackers beside it.
public final class HostileLoad implements AutoCloseable {
    private static final Duration WARM_UP = Duration.ofSeconds(3);

    private final HeddleProcess gateway;
    private final HonestClient client;

    /// What was seen.
    ///
    /// @param made how often each attack was made
    public record Result(
            HonestClient.Result alone, HonestClient.Result beside, Map<Attack, Long> made) {
        /// How much longer the honest client waits: p99 beside the attackers to p99 without.
        public double ratio() {
            return beside.p99Millis() / alone.p99Millis();
        }
    }

    private HostileLoad(HeddleProcess gateway) {
        this.gateway = gateway;
        this.client = new HonestClient(gateway.port(), gateway.token());
    }

    /// Starts the gateway. Its patience is short, so that attackers come round often.
    ///
    /// @param heap the most that its heap may take, as `-Xmx` has it
    public static HostileLoad start(String heap) throws Exception {
        var postgres = TestPostgres.createDatabase();
        var folder = Files.createDirectories(Path.of("target", "gateways"));
        return new HostileLoad(
                HeddleProcess.serve(
                        Files.createTempDirectory(folder, "data-"),
                        Map.of(
                                "HEDDLE_DB_URL",
                                postgres.jdbcUrl(),
                                "HEDDLE_DB_USERNAME",
                                postgres.username(),
                                "HEDDLE_DB_PASSWORD",
                                postgres.password(),
                                "HEDDLE_SERVER_HEADER_TIMEOUT",
                                "2s",
                                "HEDDLE_SERVER_BODY_TIMEOUT",
                                "2s",
                                "HEDDLE_SERVER_WRITE_TIMEOUT",
                                "4s"),
                        List.of("-Xmx" + heap, "-XX:+ExitOnOutOfMemoryError")));
    }

    /// Runs it. Before each time that is measured the client goes on for a while unmeasured, in
    /// which the gateway gets to know what comes.
    ///
    /// @param alone how long the client has the gateway to itself
    /// @param beside how long the attackers are there
    /// @param attacks what they do
    public Result run(Duration alone, Duration beside, Set<Attack> attacks) throws Exception {
        var _ = client.run(WARM_UP);
        var without = client.run(alone);
        try (var attackers = Attackers.start(gateway.port(), gateway.token(), attacks)) {
            var warmUp = client.run(WARM_UP);
            var with = client.run(beside).withFailuresOf(warmUp);
            return new Result(without, with, attackers.made());
        }
    }

    public HonestClient client() {
        return client;
    }

    /// How many connections the gateway has.
    public int connections() throws Exception {
        return (int) client.metric("server_connections");
    }

    /// Whether the gateway lives.
    public boolean isAlive() {
        return gateway.isAlive();
    }

    @Override
    public void close() {
        client.close();
        gateway.close();
    }
}
