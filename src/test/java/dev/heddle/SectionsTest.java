package dev.heddle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.activity.RetentionHandler;
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
import dev.heddle.orders.OrderService;
import dev.heddle.prices.PriceService;
import dev.heddle.reports.ReportService;
import dev.heddle.rpc.LimitSettings;
import dev.heddle.rpc.RateLimit;
import dev.heddle.users.UserProfiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
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
        assertThat(sections.processors()).isEqualTo(CpuPool.Settings.DEFAULT);
        assertThat(sections.orders()).isEqualTo(OrderService.Settings.DEFAULT);
        assertThat(sections.jobs()).isEqualTo(dev.heddle.jobs.Settings.DEFAULT);
        assertThat(sections.mail()).isEqualTo(dev.heddle.mail.Settings.DEFAULT);
        assertThat(sections.activity()).isEqualTo(RetentionHandler.Settings.DEFAULT);
        assertThat(sections.exports()).isEqualTo(ExportHandler.Settings.DEFAULT);
        assertThat(sections.webhooks()).isEqualTo(dev.heddle.webhooks.Settings.DEFAULT);
        assertThat(sections.rpc().limits()).isEqualTo(LimitSettings.DEFAULT);
        assertThat(sections.server().maxConnectionsPerPeer()).isEqualTo(5000);
        assertThat(sections.server().minBodyRate()).isEqualTo(240);
        assertThat(sections.externalDatabase()).isEmpty();
    }

    @Test
    void valuesReachTheirParts() {
        var sections =
                sections(
                        Map.of(
                                "server.max-header-size", "1KiB",
                                "server.tls.certificate", "a.crt",
                                "server.tls.private-key", "a.key",
                                "http.cors.allowed-origins", "https://a.example, https://b.example",
                                "websocket.allowed-origins", "https://c.example",
                                "grpc.compress", "true",
                                "prices.stores", "b=http://b/{id}?x=1, a=http://a/{id}",
                                "db.url", "jdbc:postgresql://db/heddle",
                                "db.pool.max", "7",
                                "rpc.rate-limit.requests", "30"));

        assertThat(sections.server().maxHeaderSize()).isEqualTo(1024);
        assertThat(sections.tls().certificate()).contains(Path.of("a.crt"));
        assertThat(sections.tls().privateKey()).contains(Path.of("a.key"));
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
    }

    @Test
    void listOfNamesWithoutValuesIsRefused() {
        assertThatThrownBy(() -> sections(Map.of("prices.stores", "http://a/{id}")).prices())
                .hasMessage("prices.stores: \"http://a/{id}\" (expected: name=value)");
        assertThatThrownBy(() -> sections(Map.of("prices.stores", "a=x,a=y")).prices())
                .hasMessage("prices.stores: a twice");
    }

    private static Sections sections(Map<String, String> values) {
        return new Sections(Configuration.load(Optional.empty(), Map.of(), values));
    }
}
