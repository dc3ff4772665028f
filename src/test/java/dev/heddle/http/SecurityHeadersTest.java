package dev.heddle.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.rpc.Headers;
import dev.heddle.testing.RecordedExchange;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class SecurityHeadersTest {
    private final SecurityHeaders security = new SecurityHeaders(Duration.ofDays(1));

    @Test
    void everyAnswerIsWhatItsTypeSays() throws IOException {
        var answered = answer(security, "localhost", false, "application/json");

        assertThat(answered.first("x-content-type-options")).contains("nosniff");
        assertThat(answered.contains("content-security-policy")).isFalse();
        assertThat(answered.contains("strict-transport-security")).isFalse();
    }

    @Test
    void pageMayDoNothingUnlessItSaysWhat() throws IOException {
        var plain = answer(security, "localhost", false, "text/html; charset=utf-8");
        assertThat(plain.first("content-security-policy").orElseThrow())
                .contains("default-src 'none'", "frame-ancestors 'none'");
        assertThat(plain.first("referrer-policy")).contains("no-referrer");
        assertThat(plain.first("x-frame-options")).contains("DENY");

        var exchange = exchange("localhost", false);
        try (var _ =
                security.guard(exchange)
                        .respond(
                                200,
                                Headers.builder()
                                        .set("content-type", "text/html")
                                        .set("content-security-policy", "script-src 'self'")
                                        .build())) {
            assertThat(exchange.answered.all("content-security-policy"))
                    .containsExactly("script-src 'self'; frame-ancestors 'none'");
        }
    }

    @Test
    void browsersComeByTlsAloneOnceTheyHave() throws IOException {
        assertThat(answer(security, "a.example", true, "text/plain").all("strict-transport-security"))
                .containsExactly("max-age=86400");
        assertThat(answer(security, "localhost:8080", true, "text/plain").names())
                .doesNotContain("strict-transport-security");
        assertThat(answer(new SecurityHeaders(Duration.ZERO), "a.example", true, "a/b").names())
                .doesNotContain("strict-transport-security");
        assertThatThrownBy(() -> new SecurityHeaders(Duration.ofDays(-1)))
                .hasMessageStartingWith("server.tls.hsts-max-age: ");
    }

    private static RecordedExchange exchange(String host, boolean isSecure) {
        var exchange =
                new RecordedExchange(
                        "GET",
                        "/",
                        "HTTP/2",
                        Headers.builder().set("host", host).build(),
                        InputStream.nullInputStream());
        exchange.isSecure = isSecure;
        return exchange;
    }

    private static Headers answer(
            SecurityHeaders security, String host, boolean isSecure, String type)
            throws IOException {
        var exchange = exchange(host, isSecure);
        security.guard(exchange)
                .respond(200, Headers.builder().set("content-type", type).build(), new byte[1]);
        return exchange.answered;
    }
}
