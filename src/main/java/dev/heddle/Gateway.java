package dev.heddle;

import dev.heddle.async.CpuPool;
import dev.heddle.db.Database;
import dev.heddle.db.Migrations;
import dev.heddle.db.PageTokens;
import dev.heddle.db.RequestIdSweep;
import dev.heddle.db.embedded.EmbeddedPostgres;
import dev.heddle.facade.grpc.HealthService;
import dev.heddle.facade.grpc.ReflectionService;
import dev.heddle.facade.grpc.helidon.HelidonGrpc;
import dev.heddle.facade.health.Health;
import dev.heddle.facade.health.HealthHandler;
import dev.heddle.facade.json.Json;
import dev.heddle.feed.EventHandlers;
import dev.heddle.feed.Feed;
import dev.heddle.http.Exchange;
import dev.heddle.http.ExchangeHandler;
import dev.heddle.http.helidon.HelidonCarrier;
import dev.heddle.jobs.Jobs;
import dev.heddle.mail.Mailer;
import dev.heddle.rpc.AuditLog;
import dev.heddle.rpc.Headers;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.Policy;
import dev.heddle.rpc.Rpcs;
import dev.heddle.security.SecretFile;
import dev.heddle.source.Sources;
import dev.heddle.websocket.v1.Envelope;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/// All that runs, put together in order: database, schema, services, pipeline, facades. [#listen]
/// attaches it to a server.
public final class Gateway implements AutoCloseable {
    private static final Headers METRICS_HEADERS =
            Headers.builder()
                    .set("content-type", "text/plain; version=0.0.4; charset=utf-8")
                    .build();
    private static final Logger LOGGER = System.getLogger(Gateway.class.getName());

    private final PrometheusMeterRegistry meters =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Sections sections;
    private final Duration shutdownTimeout;
    private final Access access;
    private final Optional<EmbeddedPostgres> postgres;
    private final Database database;
    private final RequestIdSweep requestIdSweep;
    private final Feed feed;
    private final EventHandlers handlers;
    private final Jobs jobs;
    private final Sources sources;
    private final CpuPool processors;
    private final Mailer mailer;
    private final Health health;
    private final Rpcs rpcs;
    private final Json json;
    private final Pipeline pipeline;
    private final Facades facades;
    private final HelidonCarrier carrier;
    private Optional<WebServer> server = Optional.empty();

    private Gateway(
            Configuration configuration,
            Optional<EmbeddedPostgres> postgres,
            Database.Settings databaseSettings)
            throws IOException, InterruptedException {
        this.sections = new Sections(configuration);
        this.shutdownTimeout = sections.shutdownTimeout();
        this.postgres = postgres;
        this.database = Database.open(databaseSettings, meters);
        this.requestIdSweep = RequestIdSweep.start(database);
        this.feed = Feed.start(databaseSettings, sections.feed(), meters);
        this.access = Access.open(configuration, sections, database, feed, Clock.systemUTC());
        this.handlers = new EventHandlers(database, feed, sections.eventHandlers());
        this.sources = Sources.open(sections.sources(), meters);
        this.processors = new CpuPool(sections.processors());
        this.mailer = new Mailer(sections.mail());
        this.jobs =
                Main.jobs(
                        Jobs.open(
                                databaseSettings, feed, sections.jobs(), meters, Clock.systemUTC()),
                        database,
                        feed,
                        mailer,
                        sections,
                        Clock.systemUTC());
        this.health = new Health(Map.of("database", this::pingDatabase));
        this.pipeline =
                new Pipeline(
                        access.authenticator(),
                        sections.rpc(),
                        meters,
                        OpenTelemetry.noop(),
                        new AuditLog(sections.audit(), meters));
        access.identity().follow(pipeline::recheck);
        this.rpcs =
                withServerServices(
                        Main.services(
                                database,
                                feed,
                                handlers,
                                jobs,
                                new PageTokens(pageTokenKey(configuration)),
                                sources,
                                processors,
                                mailer,
                                access.identity(),
                                sections,
                                Clock.systemUTC()));
        this.json = Json.of(rpcs, Envelope.getDefaultInstance());
        this.facades = new Facades(rpcs, pipeline, json, sections, paths());
        this.carrier =
                new HelidonCarrier(sections.server(), sections.http2(), sections.tls(), facades);
        meters.gauge("server.connections", carrier, HelidonCarrier::openConnections);
        jobs.start();
    }

    /// Starts what the gateway stands on: the embedded PostgreSQL, if no other database is
    /// configured, and the schema.
    public static Gateway open(Configuration configuration)
            throws IOException, InterruptedException {
        var sections = new Sections(configuration);
        sections.check();
        Access.check(sections);
        var external = sections.externalDatabase();
        if (external.isPresent()) {
            return open(configuration, Optional.empty(), external.get());
        }
        var postgres =
                EmbeddedPostgres.start(
                        configuration.path("data").resolve("postgres"),
                        sections.embeddedDatabase());
        try {
            var settings =
                    sections.database(postgres.jdbcUrl(), postgres.username(), postgres.password());
            return open(configuration, Optional.of(postgres), settings);
        } catch (IOException | InterruptedException | RuntimeException e) {
            postgres.close();
            throw e;
        }
    }

    private static Gateway open(
            Configuration configuration,
            Optional<EmbeddedPostgres> postgres,
            Database.Settings settings)
            throws IOException, InterruptedException {
        Migrations.run(settings);
        return new Gateway(configuration, postgres, settings);
    }

    /// Adds what a gRPC client expects of any server, about all that the gateway serves.
    private Rpcs withServerServices(Rpcs.Builder services) {
        var served = services.build();
        return services.under(Policy.PUBLIC)
                .add(new HealthService(served, () -> health.report().isReady()))
                .under(Policy.PUBLIC)
                .add(new ReflectionService(served))
                .build();
    }

    /// Has a server answer what this gateway serves, once it has started.
    public void listen(WebServerConfig.Builder builder) {
        listen(builder, sections.http2Engine());
    }

    void listen(WebServerConfig.Builder builder, Sections.Http2Engine engine) {
        builder.shutdownHook(false);
        switch (engine) {
            case HEDDLE -> carrier.attach(builder);
            case HELIDON -> listenByHelidon(builder);
        }
    }

    private void listenByHelidon(WebServerConfig.Builder builder) {
        var grpc =
                new HelidonGrpc(
                        rpcs, pipeline, sections.grpc(), sections.helidonGrpc(), sections.hosts());
        carrier.attach(builder, grpc.connections(carrier.stockConfig()));
        builder.addRouting(grpc.routing());
    }

    /// Starts a server of its own.
    ///
    /// @throws UncheckedIOException with a BindException if its address can't be had
    public void start() {
        var builder = WebServer.builder();
        listen(builder);
        checkAddress();
        var started = builder.build().start();
        if (!started.isRunning()) {
            throw new IllegalStateException("the server did not start");
        }
        server = Optional.of(started);
        started();
    }

    /// Helidon logs an address that it can't have, and returns as if it had started.
    private void checkAddress() {
        var settings = sections.server();
        try (var probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(settings.host(), settings.port()));
        } catch (IOException e) {
            var failure = new BindException("%s:%d".formatted(settings.host(), settings.port()));
            failure.initCause(e);
            throw new UncheckedIOException(failure);
        }
    }

    /// States that the server answers.
    public void started() {
        health.started();
    }

    public int port() {
        return server.orElseThrow().port();
    }

    /// A new token that lets its bearer do everything; empty where tokens are another issuer's.
    public Optional<String> token() {
        return access.token();
    }

    /// Where the data are, for people.
    public String databaseDescription() {
        return postgres.map(own -> "PostgreSQL 18, embedded, on port %d".formatted(own.port()))
                .orElseGet(() -> sections.externalDatabase().orElseThrow().address());
    }

    /// What services publish with and read from.
    Feed feed() {
        return feed;
    }

    /// What services keep their state in.
    Database database() {
        return database;
    }

    /// All that is served.
    Rpcs rpcs() {
        return rpcs;
    }

    /// How many calls run now.
    public int activeCalls() {
        return pipeline.activeCalls();
    }

    /// How many database connections are in use now.
    public int busyConnections() {
        return database.busyConnections();
    }

    /// Stops in order: nothing new is taken, calls in flight end, then what they stood on goes.
    @Override
    public void close() {
        health.stopping();
        carrier.beginDrain();
        facades.beginDrain();
        try {
            if (!pipeline.drain(shutdownTimeout.dividedBy(2))) {
                LOGGER.log(
                        Level.WARNING,
                        "calls still ran after server.shutdown-timeout and were cut");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.ifPresent(WebServer::stop);
        rpcs.close();
        jobs.close();
        processors.close();
        handlers.close();
        sources.close();
        mailer.close();
        access.close();
        feed.close();
        requestIdSweep.close();
        database.close();
        postgres.ifPresent(EmbeddedPostgres::close);
    }

    private Map<String, ExchangeHandler> paths() {
        return Map.of(
                "/health/ready",
                HealthHandler.ready(health),
                "/health/live",
                HealthHandler.live(),
                "/health/started",
                HealthHandler.started(health),
                "/metrics",
                this::answerMetrics);
    }

    private void answerMetrics(Exchange exchange) throws IOException {
        exchange.respond(200, METRICS_HEADERS, meters.scrape().getBytes(StandardCharsets.UTF_8));
    }

    private void pingDatabase() {
        database.plain(db -> db.createNamedGet("health.ping", "SELECT 1").execute());
    }

    private static byte[] pageTokenKey(Configuration configuration) throws IOException {
        var configured = configuration.secret("security.page-token-key");
        if (configured.isEmpty()) {
            return SecretFile.load(
                    configuration.path("data").resolve("secrets").resolve("page-token-key"));
        }
        try {
            var key = Base64.getDecoder().decode(configured);
            if (key.length == SecretFile.LENGTH) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            // not base64, which the message below says
        }
        throw new Configuration.InvalidException(
                "security.page-token-key: not %d bytes in base64 (expected: as openssl rand -base64 %1$d prints)"
                        .formatted(SecretFile.LENGTH));
    }
}
