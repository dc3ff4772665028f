package dev.heddle;

import dev.heddle.activity.RetentionHandler;
import dev.heddle.async.BatchLoader;
import dev.heddle.async.CpuPool;
import dev.heddle.dashboard.DashboardService;
import dev.heddle.db.Database;
import dev.heddle.db.PoolSettings;
import dev.heddle.db.embedded.EmbeddedPostgres;
import dev.heddle.exports.ExportHandler;
import dev.heddle.facade.Cors;
import dev.heddle.facade.envelope.MessageSettings;
import dev.heddle.facade.grpc.helidon.HelidonGrpc;
import dev.heddle.feed.EventHandlers;
import dev.heddle.http.HostRules;
import dev.heddle.http.SecurityHeaders;
import dev.heddle.http.h2.Http2Settings;
import dev.heddle.http.tls.TlsSettings;
import dev.heddle.identity.IdentitySettings;
import dev.heddle.orders.OrderService;
import dev.heddle.prices.PriceService;
import dev.heddle.reports.ReportService;
import dev.heddle.rpc.AuditLog;
import dev.heddle.rpc.LimitSettings;
import dev.heddle.rpc.Pipeline;
import dev.heddle.rpc.RateLimit;
import dev.heddle.security.CertificateCallers;
import dev.heddle.security.KeySettings;
import dev.heddle.security.Scopes;
import dev.heddle.security.TokenSettings;
import dev.heddle.users.UserProfiles;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// The sections of the configuration, each as the settings of the part that it is for.
final class Sections {
    private final Configuration configuration;

    Sections(Configuration configuration) {
        this.configuration = configuration;
    }

    /// Reads all sections, so that what is wrong with one is said before anything has started.
    void check() {
        var sections =
                List.<Supplier<?>>of(
                        this::server,
                        this::shutdownTimeout,
                        this::http2Engine,
                        this::http2,
                        this::tls,
                        this::hosts,
                        this::securityHeaders,
                        this::audit,
                        this::rpc,
                        this::http,
                        this::webSocket,
                        this::grpc,
                        this::helidonGrpc,
                        this::externalDatabase,
                        this::embeddedDatabase,
                        this::feed,
                        this::eventHandlers,
                        this::sources,
                        this::prices,
                        this::dashboard,
                        this::reports,
                        this::processors,
                        this::lookups,
                        this::profiles,
                        this::search,
                        this::mail,
                        this::webhooks,
                        this::activity,
                        this::exports,
                        this::orders,
                        this::chat,
                        this::jobs,
                        this::files,
                        this::tokens,
                        this::issuerKeys,
                        this::developmentIssuer,
                        this::certificates,
                        this::identity);
        for (var section : sections) {
            var _ = section.get();
        }
    }

    Duration shutdownTimeout() {
        return configuration.duration("server.shutdown-timeout");
    }

    dev.heddle.http.carrier.Settings server() {
        return new dev.heddle.http.carrier.Settings(
                configuration.string("server.host"),
                configuration.integer("server.port"),
                configuration.integer("server.max-connections"),
                configuration.integer("server.max-connections-per-peer"),
                size("server.max-prologue-size"),
                size("server.max-header-size"),
                configuration.bytes("server.max-body-size"),
                configuration.duration("server.header-timeout"),
                configuration.duration("server.body-timeout"),
                size("server.min-body-rate"),
                configuration.duration("server.idle-timeout"),
                configuration.duration("server.write-timeout"));
    }

    /// Who serves HTTP/2.
    enum Http2Engine {
        /// Ours.
        HEDDLE,
        /// Helidon's own.
        HELIDON
    }

    Http2Engine http2Engine() {
        return configuration.choice("server.http2", Http2Engine.class);
    }

    Http2Settings http2() {
        return new Http2Settings(
                configuration.integer("http2.max-concurrent-streams"),
                size("http2.stream-window"),
                size("http2.connection-window"),
                size("http2.max-frame-size"),
                configuration.duration("http2.keep-alive"),
                configuration.duration("http2.keep-alive-timeout"),
                configuration.duration("http2.max-age"),
                configuration.integer("http2.max-resets"),
                configuration.integer("http2.max-control-frames"));
    }

    TlsSettings tls() {
        return new TlsSettings(
                file("server.tls.certificate"),
                file("server.tls.private-key"),
                configuration.choice(
                        "server.tls.client-certificate", TlsSettings.ClientCertificate.class),
                file("server.tls.client-ca"),
                configuration.duration("server.tls.reload-interval"));
    }

    HostRules hosts() {
        return HostRules.of(
                configuration.string("server.host"),
                tls().isEnabled(),
                Set.copyOf(configuration.strings("server.allowed-hosts")));
    }

    SecurityHeaders securityHeaders() {
        return new SecurityHeaders(configuration.duration("server.tls.hsts-max-age"));
    }

    AuditLog.Settings audit() {
        return new AuditLog.Settings(configuration.integer("log.audit-denials"));
    }

    Pipeline.Settings rpc() {
        return new Pipeline.Settings(
                configuration.duration("rpc.default-timeout"),
                new LimitSettings(
                        configuration.integer("rpc.max-concurrency"),
                        configuration.integer("rpc.max-streams"),
                        configuration.integer("rpc.aimd.min-concurrency"),
                        configuration.integer("rpc.aimd.backoff-percent"),
                        configuration.duration("rpc.aimd.timeout"),
                        rateLimit(),
                        configuration.integer("rpc.rate-limit.max-callers")));
    }

    private Optional<RateLimit> rateLimit() {
        var requests = configuration.integer("rpc.rate-limit.requests");
        var burst = configuration.integer("rpc.rate-limit.burst");
        if (requests == 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new RateLimit(
                            requests,
                            configuration.duration("rpc.rate-limit.per"),
                            burst == 0 ? requests : burst));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("rpc.rate-limit." + e.getMessage(), e);
        }
    }

    dev.heddle.facade.http.Settings http() {
        return new dev.heddle.facade.http.Settings(
                size("http.max-message-size"), configuration.duration("http.heartbeat"), cors());
    }

    Cors.Settings cors() {
        return new Cors.Settings(
                Set.copyOf(configuration.strings("http.cors.allowed-origins")),
                configuration.flag("http.cors.allow-credentials"),
                configuration.duration("http.cors.max-age"));
    }

    dev.heddle.facade.websocket.Settings webSocket() {
        return new dev.heddle.facade.websocket.Settings(
                configuration.integer("websocket.max-queued-messages"),
                configuration.duration("websocket.open-timeout"),
                Set.copyOf(configuration.strings("websocket.allowed-origins")),
                new dev.heddle.http.websocket.Settings(
                        size("websocket.max-message-size"),
                        configuration.flag("websocket.compress"),
                        configuration.duration("websocket.ping-interval"),
                        configuration.duration("websocket.pong-timeout"),
                        configuration.duration("websocket.close-timeout"),
                        configuration.integer("websocket.max-control-frames")));
    }

    MessageSettings grpc() {
        return new MessageSettings(
                size("grpc.max-message-size"), configuration.flag("grpc.compress"));
    }

    HelidonGrpc.Settings helidonGrpc() {
        return new HelidonGrpc.Settings(
                configuration.duration("http2.helidon.send-timeout"),
                configuration.integer("http2.helidon.max-concurrent-streams"),
                configuration.integer("http2.helidon.max-queued-messages"));
    }

    /// The database that is configured; empty where Heddle is to run its own.
    Optional<Database.Settings> externalDatabase() {
        var url = configuration.string("db.url");
        return url.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        database(
                                url,
                                configuration.string("db.username"),
                                configuration.secret("db.password")));
    }

    Database.Settings database(String url, String username, String password) {
        return new Database.Settings(
                url,
                username,
                password,
                configuration.duration("db.statement-timeout"),
                configuration.integer("db.fetch-size"),
                new PoolSettings(
                        configuration.integer("db.pool.min"),
                        configuration.integer("db.pool.max"),
                        configuration.duration("db.pool.acquire-timeout"),
                        configuration.duration("db.pool.max-lifetime"),
                        configuration.duration("db.pool.idle-timeout"),
                        configuration.duration("db.pool.keep-alive"),
                        configuration.duration("db.pool.validation-timeout")));
    }

    dev.heddle.feed.Settings feed() {
        return new dev.heddle.feed.Settings(
                configuration.duration("feed.retention"),
                configuration.integer("feed.partition-size"),
                configuration.integer("feed.ring-events"),
                configuration.bytes("feed.ring-size"),
                size("feed.max-event-size"),
                configuration.duration("feed.poll-interval"),
                configuration.duration("feed.bookmark-interval"),
                configuration.integer("feed.max-catch-ups"),
                configuration.integer("feed.max-streams-per-caller"),
                configuration.integer("feed.max-topics"));
    }

    EventHandlers.Settings eventHandlers() {
        return new EventHandlers.Settings(
                configuration.integer("feed.handlers.max-attempts"),
                configuration.duration("feed.handlers.first-pause"),
                configuration.duration("feed.handlers.last-pause"));
    }

    dev.heddle.source.Settings sources() {
        return new dev.heddle.source.Settings(
                configuration.integer("source.max-idle-connections"),
                configuration.duration("source.connect-timeout"),
                configuration.duration("source.timeout"),
                size("source.max-response-size"),
                configuration.integer("source.concurrency"),
                configuration.integer("source.queue"),
                configuration.duration("source.max-wait"),
                configuration.integer("source.max-retries"),
                configuration.duration("source.first-pause"),
                configuration.integer("source.budget-percent"),
                configuration.integer("source.breaker.percent"),
                configuration.integer("source.breaker.volume"),
                configuration.duration("source.breaker.pause"));
    }

    PriceService.Settings prices() {
        return new PriceService.Settings(
                configuration.named("prices.stores"), configuration.duration("prices.timeout"));
    }

    DashboardService.Settings dashboard() {
        return new DashboardService.Settings(
                configuration.duration("dashboard.refresh-quiet"),
                configuration.duration("dashboard.refresh-max-wait"),
                configuration.duration("dashboard.timeout"),
                configuration.integer("dashboard.parallelism"));
    }

    ReportService.Settings reports() {
        return new ReportService.Settings(
                configuration.integer("reports.parallelism"),
                configuration.duration("reports.timeout"),
                configuration.integer("reports.max-values"));
    }

    CpuPool.Settings processors() {
        return new CpuPool.Settings(
                configuration.integer("cpu.threads"), configuration.integer("cpu.queue"));
    }

    BatchLoader.Settings lookups() {
        return new BatchLoader.Settings(
                configuration.integer("lookups.concurrency"),
                configuration.integer("lookups.max-keys"),
                configuration.duration("lookups.max-wait"),
                configuration.duration("lookups.timeout"));
    }

    UserProfiles.Settings profiles() {
        return new UserProfiles.Settings(
                configuration.string("users.profile.profile-url"),
                configuration.string("users.profile.posts-url"),
                configuration.string("users.profile.comments-url"),
                configuration.duration("users.profile.timeout"));
    }

    dev.heddle.search.Settings search() {
        return new dev.heddle.search.Settings(
                configuration.string("search.external-url"),
                configuration.duration("search.timeout.products"),
                configuration.duration("search.timeout.posts"),
                configuration.duration("search.timeout.documents"),
                configuration.duration("search.timeout.users"),
                configuration.duration("search.timeout.external"));
    }

    dev.heddle.mail.Settings mail() {
        return new dev.heddle.mail.Settings(
                configuration.string("mail.host"),
                configuration.integer("mail.port"),
                configuration.choice("mail.encryption", dev.heddle.mail.Settings.Encryption.class),
                configuration.string("mail.username"),
                configuration.secret("mail.password"),
                configuration.string("mail.from"),
                configuration.duration("mail.timeout"),
                configuration.integer("mail.connections"),
                configuration.integer("mail.queue"),
                configuration.duration("mail.max-wait"));
    }

    dev.heddle.webhooks.Settings webhooks() {
        return new dev.heddle.webhooks.Settings(
                configuration.secret("webhook.secret"),
                configuration.flag("webhook.allow-private"),
                configuration.duration("webhook.connect-timeout"),
                configuration.duration("webhook.timeout"));
    }

    RetentionHandler.Settings activity() {
        return new RetentionHandler.Settings(configuration.duration("activity.retention"));
    }

    ExportHandler.Settings exports() {
        return new ExportHandler.Settings(configuration.duration("export.ttl"));
    }

    OrderService.Settings orders() {
        return new OrderService.Settings(configuration.duration("orders.payment-lease"));
    }

    EmbeddedPostgres.Settings embeddedDatabase() {
        return new EmbeddedPostgres.Settings(
                configuration.integer("db.embedded.port"),
                configuration.integer("db.embedded.max-connections"),
                configuration.duration("db.embedded.start-timeout"),
                configuration.duration("db.embedded.stop-timeout"),
                Map.of(),
                Optional.empty());
    }

    dev.heddle.chat.Settings chat() {
        return new dev.heddle.chat.Settings(
                configuration.duration("chat.session-lease"),
                configuration.integer("chat.max-rooms"),
                configuration.duration("chat.typing-interval"));
    }

    dev.heddle.jobs.Settings jobs() {
        return new dev.heddle.jobs.Settings(
                configuration.integer("jobs.concurrency"),
                configuration.duration("jobs.poll-interval"),
                configuration.duration("jobs.heartbeat"),
                configuration.duration("jobs.shutdown-wait"),
                configuration.duration("jobs.timeout"),
                configuration.integer("jobs.max-attempts"),
                configuration.duration("jobs.first-pause"),
                configuration.duration("jobs.last-pause"),
                size("jobs.max-payload-size"),
                configuration.integer("jobs.max-lines"),
                configuration.duration("jobs.retention"),
                configuration.duration("jobs.dead-retention"));
    }

    dev.heddle.files.Settings files() {
        return new dev.heddle.files.Settings(
                configuration.bytes("files.max-size"),
                configuration.strings("files.allowed-types"),
                configuration.duration("files.default-ttl"),
                configuration.duration("files.upload-timeout"),
                configuration.duration("files.sweep-interval"));
    }

    TokenSettings tokens() {
        return new TokenSettings(
                configuration.string("security.issuer"),
                configuration.string("security.audience"),
                configuration.duration("security.clock-skew"),
                configuration.duration("security.max-token-lifetime"),
                size("security.max-token-size"),
                configuration.integer("security.token-cache"));
    }

    /// Where the keys of the issuer are that is configured; empty where there is none.
    Optional<KeySettings> issuerKeys() {
        var issuer = configuration.string("security.issuer");
        var keys = configuration.string("security.jwks");
        if (issuer.isEmpty() != keys.isEmpty()) {
            throw new Configuration.InvalidException(
                    "security.issuer: \"%s\", and security.jwks: \"%s\" (expected: both, or neither)"
                            .formatted(issuer, keys));
        }
        return keys.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new KeySettings(
                                keys.matches("[a-z]{2,}:.*")
                                        ? URI.create(keys)
                                        : Path.of(keys).toUri(),
                                configuration.duration("security.jwks-refresh"),
                                configuration.duration("security.jwks-max-age")));
    }

    /// Where the development issuer's tokens are accepted, as long as no other is configured.
    enum DevelopmentIssuer {
        /// By a gateway that this machine alone can reach.
        LOOPBACK,
        /// By any.
        ANYWHERE,
        /// By none.
        OFF
    }

    DevelopmentIssuer developmentIssuer() {
        return configuration.choice("security.development-issuer", DevelopmentIssuer.class);
    }

    CertificateCallers certificates() {
        var scopes = new HashMap<String, Set<String>>();
        configuration
                .named("security.client-certificates")
                .forEach((subject, held) -> scopes.put(subject, Scopes.parse(held)));
        return new CertificateCallers(scopes);
    }

    IdentitySettings identity() {
        var tokens = tokens();
        return new IdentitySettings(
                configuration.integer("security.max-revocations"),
                tokens.maxLifetime().plus(tokens.clockSkew().multipliedBy(2)));
    }

    private Optional<Path> file(String key) {
        return configuration.string(key).isEmpty()
                ? Optional.empty()
                : Optional.of(configuration.path(key));
    }

    private int size(String key) {
        return Math.toIntExact(configuration.bytes(key));
    }
}
