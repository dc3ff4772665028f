package dev.heddle.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// The other servers that `etc/demo.yaml` has the gateway ask: three shops, of which one is slow
/// and one fails now and then, and an archive of what people wrote elsewhere.
public final class Neighbours implements AutoCloseable {
    private static final List<Shop.Manner> MANNERS =
            List.of(
                    new Shop.Manner(Duration.ofMillis(5), Duration.ofMillis(20), 1, "EUR"),
                    new Shop.Manner(Duration.ofMillis(20), Duration.ofMillis(200), 1, "EUR"),
                    new Shop.Manner(Duration.ofMillis(2), Duration.ofMillis(10), 20, "EUR"));

    private final List<AutoCloseable> servers = new ArrayList<>();

    private Neighbours() {}

    /// Opens them on ports of the loopback interface that follow each other.
    ///
    /// @param firstPort the first one's
    /// @throws IOException if one of the ports is taken
    public static Neighbours open(int firstPort, RandomGenerator random) throws IOException {
        var neighbours = new Neighbours();
        try {
            for (var manner : MANNERS) {
                neighbours.servers.add(
                        Shop.open(firstPort + neighbours.servers.size(), manner, random));
            }
            neighbours.servers.add(
                    JsonServer.start(
                            firstPort + neighbours.servers.size(), Neighbours::fromArchive));
            return neighbours;
        } catch (IOException e) {
            neighbours.close();
            throw new IOException(
                    "no shops on the ports from %d on: %s (choose others with --sources-port, or 0 for none)"
                            .formatted(firstPort, e.getMessage()),
                    e);
        }
    }

    @Override
    public void close() {
        servers.forEach(JsonServer::closeQuietly);
    }

    private static JsonServer.Reply fromArchive(String path) {
        return JsonServer.Reply.of(
                path.startsWith("/search")
                        ? """
                        {"hits":[{"id":"archive","title":"The archive","snippet":"Older pages about it.",\
                        "url":"https://archive.example/"}]}\
                        """
                        : "[{\"title\":\"From the archive\"}]");
    }
}
