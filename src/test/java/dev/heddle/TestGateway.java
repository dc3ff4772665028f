package dev.heddle;

import dev.heddle.db.Database;
import dev.heddle.feed.Feed;
import dev.heddle.rpc.Rpcs;
import dev.heddle.security.DevelopmentIssuer;
import dev.heddle.testing.TestPostgres;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The gateway as `./heddle serve` puts it together, on a database and in a data folder of its own.
public final class TestGateway implements AutoCloseable {
    private final Gateway gateway;
    private final DevelopmentIssuer issuer;
    private final String audience;

    private TestGateway(Gateway gateway, DevelopmentIssuer issuer, String audience) {
        this.gateway = gateway;
        this.issuer = issuer;
        this.audience = audience;
    }

    /// Opens a gateway.
    ///
    /// @param overrides values of the configuration, by key
    public static TestGateway open(TestPostgres.Database database, Map<String, String> overrides)
            throws IOException, InterruptedException {
        var values = new HashMap<String, String>();
        values.put("data", newFolder().toString());
        values.put("server.port", "0");
        values.put("db.url", database.jdbcUrl());
        values.put("db.username", database.username());
        values.put("db.password", database.password());
        values.putAll(overrides);
        var configuration = Configuration.load(Optional.empty(), Map.of(), values);
        return new TestGateway(
                Gateway.open(configuration),
                DevelopmentIssuer.of(configuration.path("data")),
                new Sections(configuration).tokens().audience());
    }

    public static TestGateway open(TestPostgres.Database database)
            throws IOException, InterruptedException {
        return open(database, Map.of());
    }

    private static Path newFolder() throws IOException {
        return Files.createTempDirectory(
                Files.createDirectories(Path.of("target", "gateways")), "data-");
    }

    /// Has a server, started by somebody else, answer.
    public void listen(WebServerConfig.Builder server) {
        gateway.listen(server);
        gateway.started();
    }

    /// Starts a server more, which leaves HTTP/2 to Helidon.
    public WebServer startByHelidon() {
        var server = WebServer.builder();
        gateway.listen(server, Sections.Http2Engine.HELIDON);
        return server.build().start();
    }

    /// Starts a server.
    public TestGateway start() {
        gateway.start();
        return this;
    }

    public int port() {
        return gateway.port();
    }

    public String token() {
        return gateway.token().orElseThrow();
    }

    /// A token of somebody who may do something, for an hour.
    public String token(String subject, Set<String> scopes) {
        return issuer.mint(
                new DevelopmentIssuer.Wish(subject, scopes, audience, Duration.ofHours(1)));
    }

    public Database database() {
        return gateway.database();
    }

    public Feed feed() {
        return gateway.feed();
    }

    public Rpcs rpcs() {
        return gateway.rpcs();
    }

    public int activeCalls() {
        return gateway.activeCalls();
    }

    public int busyConnections() {
        return gateway.busyConnections();
    }

    @Override
    public void close() {
        gateway.close();
    }
}
