package dev.heddle;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.activity.RetentionHandler;
import dev.heddle.async.BatchLoader;
import dev.heddle.async.CpuPool;
import dev.heddle.dashboard.DashboardService;
import dev.heddle.db.Database;
import dev.heddle.db.embedded.EmbeddedPostgres;
import dev.heddle.exports.ExportHandler;
import dev.heddle.facade.envelope.MessageSettings;
import dev.heddle.facade.grpc.helidon.HelidonGrpc;
import dev.heddle.facade.http.Settings;
import dev.heddle.feed.EventHandlers;
import dev.heddle.http.h2.Http2Settings;
import dev.heddle.http.tls.TlsSettings;
import dev.heddle.http.tls.TlsSettings.ClientCertificate;
import dev.heddle.orders.OrderService;
import dev.heddle.prices.PriceService;
import dev.heddle.reports.ReportService;
import dev.heddle.rpc.LimitSettings;
import dev.heddle.rpc.RateLimit;
import dev.heddle.security.TokenSettings;
import dev.heddle.users.UserProfiles;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SectionsTest {
    @Test
    void defaultsOfTheFileAreThoseOfTheParts() {
        var sections = sections(Map.of());

        assertThat(sections.http()).isEqualTo(Settings.DEFAULTS);
        assertThat(sections.webSocket()).isEqualTo(dev.heddle.facade.websocket.Settings.DEFAULTS);
        assertThat(sections.grpc()).isEqualTo(MessageSettings.DEFAULT);
        assertThat(sections.helidonGrpc()).isEqualTo(HelidonGrpc.Settings.DEFAULT);
        assertThat(sections.http2()).isEqualTo(Http2Settings.DEFAULT);
        assertThat(sections.embeddedDatabase()).isEqualTo(EmbeddedPostgres.Settings.defaults());
        assertThat(sections.database("jdbc:postgresql://x/y", "u", "p"))
                .isEqualTo(Database.Settings.of("jdbc:postgresql://x/y", "u", "p"));
        assertThat(sections.feed()).isEqualTo(dev.heddle.feed.Settings.DEFAULT);
        assertThat(sections.eventHandlers()).isEqualTo(EventHandlers.Settings.DEFAULT);
        assertThat(sections.tls()).isEqualTo(TlsSettings.NONE);
        assertThat(sections.sources()).isEqualTo(dev.heddle.source.Settings.DEFAULT);
        assertThat(sections.prices()).isEqualTo(PriceService.Settings.NONE);
        assertThat(sections.profiles()).isEqualTo(UserProfiles.Settings.NONE);
        assertThat(sections.search()).isEqualTo(dev.heddle.search.Settings.DEFAULT);
        assertThat(sections.chat()).isEqualTo(dev.heddle.chat.Settings.DEFAULT);
        assertThat(sections.files()).isEqualTo(dev.heddle.files.Settings.DEFAULT);
        assertThat(sections.dashboard()).isEqualTo(DashboardService.Settings.DEFAULT);
        assertThat(sections.reports()).isEqualTo(ReportService.Settings.DEFAULT);
        assertThat(sections.lookups()).isEqualTo(BatchLoader.Settings.DEFAULT);
        assertThat(sections.processors()).isEqualTo(CpuPool.Settings.DEFAULT);
        assertThat(sections.orders()).isEqualTo(OrderService.Settings.DEFAULT);
        assertThat(sections.jobs()).isEqualTo(dev.heddle.jobs.Settings.DEFAULT);
        assertThat(sections.mail()).isEqualTo(dev.heddle.mail.Settings.DEFAULT);
        assertThat(sections.activity()).isEqualTo(RetentionHandler.Settings.DEFAULT);
        assertThat(sections.exports()).isEqualTo(ExportHandler.Settings.DEFAULT);
        assertThat(sections.webhooks()).isEqualTo(dev.heddle.webhooks.Settings.DEFAULT);
        assertThat(sections.tokens()).isEqualTo(TokenSettings.DEFAULT);
        assertThat(sections.issuerKeys()).isEmpty();
        assertThat(sections.certificates().scopes()).isEmpty();
        assertThat(sections.identity().maxRevocations()).isEqualTo(100_000);
        assertThat(sections.rpc().limits()).isEqualTo(LimitSettings.DEFAULT);
        assertThat(sections.server().maxConnectionsPerPeer()).isEqualTo(5000);
        assertThat(sections.server().minBodyRate()).isEqualTo(240);
        assertThat(sections.externalDatabase()).isEmpty();
    }

    @Test
    void issuerReachesItsPart() {
        var sections =
                sections(
                        Map.of(
                                "security.issuer", "https://login.example",
                                "security.jwks", "https://login.example/keys",
                                "security.client-certificates",
                                        "spiffe://example/billing=orders.read users.read"));

        assertThat(sections.tokens().issuer()).isEqualTo("https://login.example");
        assertThat(sections.issuerKeys().orElseThrow().location())
                .hasToString("https://login.example/keys");
        assertThat(
                        sections(Map.of("security.issuer", "a", "security.jwks", "keys.json"))
                                .issuerKeys()
                                .orElseThrow()
                                .location())
                .hasScheme("file");
        assertThat(sections.certificates().scopes())
                .isEqualTo(Map.of("spiffe://example/billing", Set.of("orders.read", "users.read")));
    }

    @Test
    void issuerThatNothingCanComeOfIsRefused() {
        assertThatThrownBy(() -> sections(Map.of("security.issuer", "a")).issuerKeys())
                .hasMessage(
                        "security.issuer: \"a\", and security.jwks: \"\" (expected: both, or neither)");
        assertThatThrownBy(() ->
                        sections(
                                        Map.of(
                                                "security.issuer",
                                                "a",
                                                "security.jwks",
                                                "http://login.example/keys"))
                                .issuerKeys())
                .hasMessageContaining(
                        "security.jwks: http://login.example/keys (expected: an https");
        assertThatThrownBy(() -> sections(Map.of("security.clock-skew", "6m")).tokens())
                .hasMessage("security.clock-skew: PT6M (expected: 0 to 5 min)");
    }

    @Test
    void developmentIssuerStaysOnTheMachineUnlessItIsAllowed() {
        Access.check(sections(Map.of("server.host", "localhost")));
        assertThatThrownBy(() -> Access.check(sections(Map.of("server.host", "0.0.0.0"))))
                .isInstanceOf(Configuration.InvalidException.class)
                .hasMessageContaining("server.host: 0.0.0.0 (expected: a loopback address")
                .hasMessageContaining("security.development-issuer");
        for (var allowed :
                List.of(
                        Map.of("security.development-issuer", "anywhere"),
                        Map.of("security.development-issuer", "off"),
                        Map.of("security.issuer", "a", "security.jwks", "keys.json"))) {
            var values = new HashMap<>(allowed);
            values.put("server.host", "0.0.0.0");
            Access.check(sections(values));
        }
    }

    @Test
    void valuesReachTheirParts() {
        var sections =
                sections(
                        Map.ofEntries(
                                entry("server.max-header-size", "1KiB"),
                                entry("server.tls.certificate", "a.crt"),
                                entry("server.tls.private-key", "a.key"),
                                entry("server.tls.client-certificate", "optional"),
                                entry("server.tls.client-ca", "ca.crt"),
                                entry("server.tls.reload-interval", "1m"),
                                entry(
                                        "http.cors.allowed-origins",
                                        "https://a.example, https://b.example"),
                                entry("websocket.allowed-origins", "https://c.example"),
                                entry("grpc.compress", "true"),
                                entry("prices.stores", "b=http://b/{id}?x=1, a=http://a/{id}"),
                                entry("db.url", "jdbc:postgresql://db/heddle"),
                                entry("db.pool.max", "7"),
                                entry("rpc.rate-limit.requests", "30")));

        assertThat(sections.server().maxHeaderSize()).isEqualTo(1024);
        assertThat(sections.tls().certificate()).contains(Path.of("a.crt"));
        assertThat(sections.tls().privateKey()).contains(Path.of("a.key"));
        assertThat(sections.tls().clientCertificate()).isEqualTo(ClientCertificate.OPTIONAL);
        assertThat(sections.tls().clientCa()).contains(Path.of("ca.crt"));
        assertThat(sections.tls().reloadInterval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(sections.http().cors().allowedOrigins())
                .containsExactlyInAnyOrder("https://a.example", "https://b.example");
        assertThat(sections.webSocket().allowedOrigins()).containsExactly("https://c.example");
        assertThat(sections.grpc().compresses()).isTrue();
        assertThat(sections.externalDatabase().orElseThrow().pool().max()).isEqualTo(7);
        assertThat(sections.rpc().limits().perCaller())
                .contains(RateLimit.of(30, Duration.ofMinutes(1)));
        assertThat(sections(Map.of("mail.encryption", "tls")).mail().encryption())
                .isEqualTo(dev.heddle.mail.Settings.Encryption.TLS);
        assertThat(sections.prices().stores())
                .containsExactly(
                        Map.entry("b", "http://b/{id}?x=1"), Map.entry("a", "http://a/{id}"));
    }

    @Test
    void valueOutOfBoundsIsRefusedWithItsKey() {
        assertThatThrownBy(() -> sections(Map.of("rpc.max-concurrency", "0")).rpc())
                .hasMessage("rpc.max-concurrency: 0 (expected: >= 1)");
        assertThatThrownBy(() ->
                        sections(
                                        Map.of(
                                                "rpc.rate-limit.requests", "1",
                                                "rpc.rate-limit.per", "10ms"))
                                .rpc())
                .hasMessage("rpc.rate-limit.per: PT0.01S (expected: at least a second)");
        assertThatThrownBy(() -> sections(Map.of("server.port", "70000")).server())
                .hasMessageContaining("server.port: 70000");
        assertThatThrownBy(() -> sections(Map.of("websocket.max-queued-messages", "1")).webSocket())
                .hasMessage("websocket.max-queued-messages: 1 (expected: 16 to 1000000)");
        assertThatThrownBy(() -> sections(Map.of("search.timeout.users", "0s")).search())
                .hasMessage("search.timeout.users: PT0S (expected: > 0)");
        assertThatThrownBy(() -> sections(Map.of("mail.encryption", "ssl")).mail())
                .hasMessage("mail.encryption: ssl (expected: none, starttls or tls)");
        assertThatThrownBy(() -> sections(Map.of("orders.payment-lease", "1ms")).orders())
                .hasMessage("orders.payment-lease: PT0.001S (expected: 1 s to 10 min)");
        assertThatThrownBy(() -> sections(Map.of("server.tls.certificate", "a.crt")).tls())
                .hasMessage(
                        "server.tls.certificate: set without server.tls.private-key (expected: both, or neither for plaintext)");
        assertThatThrownBy(() ->
                        sections(Map.of("websocket.allowed-origins", "a.example")).webSocket())
                .hasMessageStartingWith("websocket.allowed-origins: a.example (expected: such as");
        assertThatThrownBy(() -> sections(Map.of("server.allowed-hosts", "a:80")).hosts())
                .hasMessageStartingWith("server.allowed-hosts: a:80 (expected: a name");
        assertThatThrownBy(() -> sections(Map.of("log.audit-denials", "0")).audit())
                .hasMessage("log.audit-denials: 0 (expected: >= 1)");
        assertThatThrownBy(() -> sections(Map.of("server.tls.client-certificate", "want")).tls())
                .hasMessage(
                        "server.tls.client-certificate: want (expected: none, optional or required)");
        assertThatThrownBy(() -> sections(Map.of("server.tls.client-ca", "ca.crt")).tls())
                .hasMessage(
                        "server.tls.client-ca: set without server.tls.client-certificate (expected: optional or required there)");
        assertThatThrownBy(
                        () -> sections(Map.of("server.tls.client-certificate", "optional")).tls())
                .hasMessage(
                        "server.tls.client-certificate: set without server.tls.certificate (expected: none for plaintext)");
    }

    @Test
    void listOfNamesWithoutValuesIsRefused() {
        assertThatThrownBy(() -> sections(Map.of("prices.stores", "http://a/{id}")).prices())
                .hasMessage("prices.stores: \"http://a/{id}\" (expected: name=value)");
        assertThatThrownBy(() -> sections(Map.of("prices.stores", "a=x,a=y")).prices())
                .hasMessage("prices.stores: a twice");
    }

    /// Those of a database are read when it is known, and these where they matter.
    @Test
    void whatIsWrongWithAnyKeyIsSaidBeforeAnythingStarts() {
        var later =
                Set.of(
                        "rpc.rate-limit.per",
                        "security.jwks-refresh",
                        "security.jwks-max-age",
                        "log.access",
                        "log.audit");
        var keys =
                Config.just(ConfigSources.file("etc/application.yaml"))
                        .traverse()
                        .filter(Config::isLeaf)
                        .filter(leaf -> leaf.asString().get().matches("true|false|\\d+\\w*"))
                        .map(leaf -> leaf.key().toString())
                        .filter(key -> !key.matches("db\\.(statement|fetch|pool).*"))
                        .filter(key -> !later.contains(key))
                        .toList();

        assertThat(keys).hasSizeGreaterThan(100);
        for (var key : keys) {
            assertThatThrownBy(() -> sections(Map.of(key, "much")).check())
                    .isInstanceOf(Configuration.InvalidException.class)
                    .hasMessageStartingWith(key + ": \"much\" (expected: ");
        }
        sections(Map.of()).check();
    }

    private static Sections sections(Map<String, String> values) {
        return new Sections(Configuration.load(Optional.empty(), Map.of(), values));
    }
}
