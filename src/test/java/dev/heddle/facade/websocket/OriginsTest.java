package dev.heddle.facade.websocket;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.rpc.Headers;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.RecordedExchange;
import java.io.InputStream;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OriginsTest {
    private static final Origins ORIGINS = new Origins(Set.of("https://app.example"));

    @ParameterizedTest
    @CsvSource({
        "http://a.example, a.example, false",
        "http://A.example:80, a.example, false",
        "http://a.example:8080, a.example:8080, false",
        "http://[::1]:8080, [::1]:8080, false",
        "https://a.example, a.example, true",
        "https://a.example, a.example:443, true",
        "https://a.example, a.example, false",
        "https://app.example, a.example, true"
    })
    void ownPagesAndThoseThatAreAllowedMayCall(String origin, String host, boolean isSecure) {
        assertThatCode(() -> ORIGINS.check(exchange(origin, host, isSecure)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "http://a.example, a.example, true",
        "http://a.example:8081, a.example:8080, false",
        "http://a.example, a.example:8080, false",
        "http://a.example.evil, a.example, false",
        "http://evil.example/a.example, a.example, false",
        "http://a.example@evil.example, a.example, false",
        "https://app.example:444, a.example, true",
        "http://app.example, a.example, false",
        "null, a.example, false",
        "file://, a.example, false",
        "chrome-extension://a.example, a.example, false",
        "http://, a.example, false"
    })
    void otherPagesMayNot(String origin, String host, boolean isSecure) {
        assertThatThrownBy(() -> ORIGINS.check(exchange(origin, host, isSecure)))
                .isInstanceOf(RpcException.class)
                .hasMessageContaining("may not call");
    }

    private static RecordedExchange exchange(String origin, String host, boolean isSecure) {
        var exchange =
                new RecordedExchange(
                        "GET",
                        "/ws/a",
                        "HTTP/1.1",
                        Headers.builder().set("origin", origin).set("host", host).build(),
                        InputStream.nullInputStream());
        exchange.isSecure = isSecure;
        return exchange;
    }
}
