package dev.heddle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigurationTest {
    @TempDir private Path folder;

    @Test
    void environmentOverridesTheFileWhichOverridesTheDefaults() throws IOException {
        var file = write("server:\n  port: 9\nrpc:\n  default-timeout: 7s\n");

        var configuration =
                Configuration.load(
                        Optional.of(file), Map.of("HEDDLE_RPC_DEFAULT_TIMEOUT", "500ms"), Map.of());

        assertThat(configuration.integer("server.port")).isEqualTo(9);
        assertThat(configuration.duration("rpc.default-timeout")).isEqualTo(Duration.ofMillis(500));
        assertThat(configuration.string("server.host")).isEqualTo("127.0.0.1");
    }

    @Test
    void overridesWinOverAll() {
        var configuration =
                Configuration.load(
                        Optional.empty(),
                        Map.of("HEDDLE_SERVER_PORT", "1"),
                        Map.of("server.port", "2"));

        assertThat(configuration.integer("server.port")).isEqualTo(2);
    }

    @Test
    void unknownKeyIsRefusedWithThoseOfItsSection() throws IOException {
        var file = write("rpc:\n  default-timout: 7s\n");

        assertThatThrownBy(() -> Configuration.load(Optional.of(file), Map.of(), Map.of()))
                .hasMessageContaining("no key rpc.default-timout")
                .hasMessageContaining("rpc.default-timeout, rpc.max-concurrency");
    }

    @Test
    void missingFileIsRefused() {
        assertThatThrownBy(() ->
                        Configuration.load(
                                Optional.of(folder.resolve("absent.yaml")), Map.of(), Map.of()))
                .hasMessageContaining("absent.yaml: can't be read");
    }

    @Test
    void badValueIsShownWithWhatIsExpected() {
        var configuration =
                Configuration.load(
                        Optional.empty(),
                        Map.of(),
                        Map.of(
                                "rpc.default-timeout",
                                "30",
                                "server.port",
                                "http",
                                "log.access",
                                "yes"));

        assertThatThrownBy(() -> configuration.duration("rpc.default-timeout"))
                .hasMessage(
                        "rpc.default-timeout: \"30\" (expected: a duration such as 500ms, 30s, 5m or 2h)");
        assertThatThrownBy(() -> configuration.integer("server.port"))
                .hasMessage("server.port: \"http\" (expected: a whole number)");
        assertThatThrownBy(() -> configuration.flag("log.access"))
                .hasMessage("log.access: \"yes\" (expected: true or false)");
    }

    @Test
    void sizesHaveBinaryUnits() {
        var configuration =
                Configuration.load(
                        Optional.empty(),
                        Map.of(),
                        Map.of("server.port", "16MiB", "server.host", "512"));

        assertThat(configuration.bytes("server.port")).isEqualTo(16 << 20);
        assertThat(configuration.bytes("server.host")).isEqualTo(512);
    }

    @Test
    void secretMayBeInAFile() throws IOException {
        var file = Files.writeString(folder.resolve("secret"), "a b \n");
        var configuration = secret(Map.of("db.password-file", file.toString()));

        assertThat(configuration.secret("db.password")).isEqualTo("a b ");
        assertThat(secret(Map.of("db.password", "c")).secret("db.password")).isEqualTo("c");
        assertThat(secret(Map.of()).secret("db.password")).isEmpty();
    }

    @Test
    void secretThatCannotBeReadIsRefused() throws IOException {
        var absent = folder.resolve("absent");
        var lines = Files.writeString(folder.resolve("lines"), "one\ntwo\n");
        var empty = Files.writeString(folder.resolve("empty"), "\n");

        assertRefused(Map.of("db.password-file", absent.toString()), "absent can't be read");
        assertRefused(Map.of("db.password-file", lines.toString()), "in 2 lines (expected: one");
        assertRefused(Map.of("db.password-file", empty.toString()), "in 0 lines (expected: one");
        assertRefused(
                Map.of("db.password-file", absent.toString(), "db.password", "s3cr3t"),
                "db.password: set, and db.password-file too");
    }

    private static void assertRefused(Map<String, String> values, String message) {
        assertThatThrownBy(() -> secret(values).secret("db.password"))
                .isInstanceOf(Configuration.InvalidException.class)
                .hasMessageContaining(message)
                .message()
                .doesNotContain("s3cr3t", "one\n", "two");
    }

    private static Configuration secret(Map<String, String> values) {
        return Configuration.load(Optional.empty(), Map.of(), values);
    }

    private Path write(String yaml) throws IOException {
        return Files.writeString(folder.resolve("heddle.yaml"), yaml);
    }
}
