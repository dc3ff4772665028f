package dev.heddle.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.rpc.Caller;
import dev.heddle.rpc.Headers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DevelopmentTokenTest {
    @TempDir private Path data;

    @Test
    void tokenOfAFolderIsAcceptedAndMayDoEverything() throws IOException {
        var token = DevelopmentToken.of(data);

        var caller = DevelopmentToken.of(data).authenticate(bearer(token.value()));

        assertThat(caller.holds("users.write")).isTrue();
    }

    @Test
    void otherTokenIsRefused() throws IOException {
        var token = DevelopmentToken.of(data);

        assertThatThrownBy(() -> token.authenticate(bearer(token.value() + "x")))
                .hasMessageContaining("not accepted");
        assertThatThrownBy(() ->
                        token.authenticate(
                                Headers.builder().add("authorization", "Basic eDp5").build()))
                .hasMessageContaining("expected: Bearer");
    }

    @Test
    void callWithoutAuthorizationIsAnonymous() throws IOException {
        assertThat(DevelopmentToken.of(data).authenticate(Headers.empty()))
                .isEqualTo(Caller.ANONYMOUS);
    }

    @Test
    void secretIsForItsOwnerAlone() throws IOException {
        DevelopmentToken.of(data);

        assertThat(Files.getPosixFilePermissions(data.resolve("secrets/development-token")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void brokenSecretIsReported() throws IOException {
        Files.createDirectories(data.resolve("secrets"));
        Files.writeString(data.resolve("secrets/development-token"), "abc");

        assertThatThrownBy(() -> DevelopmentToken.of(data))
                .hasMessageContaining("expected: 32 bytes");
    }

    private static Headers bearer(String token) {
        return Headers.builder().add("Authorization", "Bearer " + token).build();
    }
}
