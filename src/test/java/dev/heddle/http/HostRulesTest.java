package dev.heddle.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.rpc.Headers;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HostRulesTest {
    private static final HostRules LOOPBACK = HostRules.of("127.0.0.1", false, Set.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost", "LocalHost:8080", "localhost.", "a.localhost:1", "127.0.0.1",
                "127.0.0.1:8080", "192.168.1.2:80", "[::1]", "[::1]:8080", ""
            })
    void namesThatNobodyElseCanHaveAreAllowed(String host) {
        assertThat(LOOPBACK.refusal(host)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example", "evil.example:8080", "localhost.evil.example", "evillocalhost",
                "127.0.0.1.evil.example", "127.0.0.1.5", "x", "user@localhost.evil"
            })
    void otherNamesAreRefusedOnLoopbackWithoutTls(String host) {
        assertThat(LOOPBACK.refusal(host).orElseThrow().reason())
                .contains(HostRules.HOST_NOT_ALLOWED);
        assertThat(HostRules.of("localhost", false, Set.of()).refusal(host)).isPresent();
        assertThat(HostRules.of("::1", false, Set.of()).refusal(host)).isPresent();
    }

    @Test
    void everyNameIsAllowedElsewhereAndUnderTls() {
        assertThat(HostRules.of("0.0.0.0", false, Set.of()).refusal("any.example")).isEmpty();
        assertThat(HostRules.of("127.0.0.1", true, Set.of()).refusal("any.example")).isEmpty();
        assertThat(LOOPBACK.refusal(Headers.empty())).isEmpty();
    }

    @Test
    void namesThatAreGivenAreTheOnlyOnesAnywhere() {
        var rules = HostRules.of("0.0.0.0", true, Set.of("Heddle.Example", ".apps.example"));

        assertThat(rules.refusal("heddle.example:443")).isEmpty();
        assertThat(rules.refusal("a.b.apps.example")).isEmpty();
        assertThat(rules.refusal("10.0.0.7:8080")).isEmpty();
        assertThat(rules.refusal("apps.example")).isPresent();
        assertThat(rules.refusal("a.heddle.example")).isPresent();
        assertThat(HostRules.of("127.0.0.1", false, Set.of("*")).refusal("x")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://a.example", "a.example:80", "", "a/b", "*.example"})
    void whatIsNoNameIsRefused(String name) {
        assertThatThrownBy(() -> HostRules.of("0.0.0.0", false, Set.of(name)))
                .hasMessageStartingWith("server.allowed-hosts: %s (expected".formatted(name));
    }
}
