package dev.heddle.facade.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.facade.Cors;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CorsTest {
    private static final String APP = "https://app.example.com";

    @Test
    void pagesOfOtherOriginsMayDoNothingByDefault() {
        try (var gateway = new TestGateway(Settings.DEFAULTS)) {
            assertThat(gateway.get("/v1/echo/a", "origin", APP).headers().map())
                    .doesNotContainKey("access-control-allow-origin");
            assertThat(preflight(gateway, APP).headers().map())
                    .doesNotContainKey("access-control-allow-methods");
        }
    }

    @Test
    void pagesOfAllowedOriginsMayCall() {
        try (var gateway = new TestGateway(settings(Set.of(APP), true))) {
            var response = gateway.get("/v1/echo/a", "origin", APP);
            assertThat(header(response, "access-control-allow-origin")).isEqualTo(APP);
            assertThat(header(response, "access-control-allow-credentials")).isEqualTo("true");
            assertThat(header(response, "access-control-expose-headers")).contains("retry-after");
            assertThat(header(response, "vary")).isEqualTo("accept, accept-encoding, origin");

            var preflight = preflight(gateway, APP);
            assertThat(preflight.statusCode()).isEqualTo(204);
            assertThat(header(preflight, "access-control-allow-methods")).contains("POST");
            assertThat(header(preflight, "access-control-allow-headers"))
                    .isEqualTo("authorization, content-type");
            assertThat(header(preflight, "access-control-max-age")).isEqualTo("3600");

            var other = gateway.get("/v1/echo/a", "origin", "https://evil.example.com");
            assertThat(other.headers().map()).doesNotContainKey("access-control-allow-origin");
        }
    }

    @Test
    void failuresCanBeSeenByAllowedPages() {
        try (var gateway = new TestGateway(settings(Set.of("*"), false))) {
            var response = gateway.get("/v1/nothing", "origin", APP);

            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(header(response, "access-control-allow-origin")).isEqualTo("*");
            assertThat(header(response, "vary")).isEqualTo("accept, accept-encoding");
        }
    }

    @Test
    void credentialsOfAllOriginsAreRefused() {
        assertThatThrownBy(() -> settings(Set.of("*"), true))
                .hasMessageStartingWith("http.cors.allow-credentials: true");
    }

    @Test
    void whatIsNoOriginIsRefused() {
        for (var origin : new String[] {"null", "app.example.com", "https://app.example.com/", ""}) {
            assertThatThrownBy(() -> settings(Set.of(origin), false))
                    .hasMessageStartingWith("http.cors.allowed-origins: " + origin + " (expected");
        }
    }

    private static HttpResponse<String> preflight(TestGateway gateway, String origin) {
        return gateway.send(
                gateway.request(
                                "/v1/echo",
                                "origin",
                                origin,
                                "access-control-request-method",
                                "POST",
                                "access-control-request-headers",
                                "authorization, content-type")
                        .method("OPTIONS", BodyPublishers.noBody()));
    }

    private static Settings settings(Set<String> origins, boolean allowCredentials) {
        return new Settings(
                4096,
                Duration.ofSeconds(1),
                new Cors.Settings(origins, allowCredentials, Duration.ofHours(1)));
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
