package dev.heddle.http.carrier;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class SettingsTest {
    private static Settings settings(int port, int maxHeaderSize, Duration timeout) {
        return new Settings(
                "0.0.0.0", port, 1, 8192, maxHeaderSize, 0, timeout, timeout, timeout, timeout);
    }

    @Test
    void wrongValuesAreNamed() {
        var second = Duration.ofSeconds(1);
        assertThatThrownBy(() -> settings(70_000, 16_384, second))
                .hasMessage("server.port: 70000 (expected: 0 to 65535)");
        assertThatThrownBy(() -> settings(0, 1, second))
                .hasMessage("server.max-header-size: 1 (expected: 256 to 1048576)");
        assertThatThrownBy(() -> settings(0, 16_384, Duration.ZERO))
                .hasMessage("server.header-timeout: PT0S (expected: > 0)");
    }
}
