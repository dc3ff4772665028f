package dev.heddle.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.security.DevelopmentIssuer.Wish;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DevelopmentIssuerTest {
    @TempDir private Path data = Path.of("");

    @Test
    void tokenOfADataFolderIsAcceptedByWhoeverReadsTheFolder() throws IOException {
        var token =
                DevelopmentIssuer.of(data)
                        .mint(new Wish("ada", Set.of("a", "b"), "heddle", Duration.ofHours(1)));

        var caller = verifier(DevelopmentIssuer.of(data)).verify(token);

        assertThat(caller.subject()).isEqualTo("ada");
        assertThat(caller.scopes()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void tokenOfAnotherDataFolderIsRefused(@TempDir Path other) throws IOException {
        var token = DevelopmentIssuer.of(other).mint(Wish.of("heddle"));
        var verifier = verifier(DevelopmentIssuer.of(data));
        assertThatThrownBy(() -> verifier.verify(token)).hasMessageContaining("not signed");
    }

    @Test
    void keyIsForItsOwnerAlone() throws IOException {
        var _ = DevelopmentIssuer.of(data);
        assertThat(Files.getPosixFilePermissions(data.resolve("secrets/development-issuer.jwk")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void fileThatIsNoKeyIsRefusedByName() throws IOException {
        var file = data.resolve("secrets/development-issuer.jwk");
        Files.createDirectories(data.resolve("secrets"));
        Files.writeString(file, "abc");
        assertThatThrownBy(() -> DevelopmentIssuer.of(data))
                .isInstanceOf(IOException.class)
                .hasMessage("%s: not a key (expected: a JSON Web Key)", file);
    }

    private static TokenVerifier verifier(DevelopmentIssuer issuer) {
        return new TokenVerifier(
                TokenSettings.DEFAULT.withIssuer(DevelopmentIssuer.NAME),
                issuer.keys(),
                Clock.systemUTC());
    }
}
