package dev.heddle.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.testing.GatewayTest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// curl over plaintext HTTP/2: by prior knowledge, and by an upgrade of its first request.
final class CurlTest extends GatewayTest {
    private static final String PRIOR_KNOWLEDGE = "--http2-prior-knowledge";
    private static final String UPGRADE = "--http2";

    private final URI gateway;

    CurlTest(URI gateway) {
        this.gateway = gateway;
    }

    private String curl(String protocol, String target, String... options)
            throws IOException, InterruptedException {
        var arguments =
                new ArrayList<>(
                        List.of(
                                protocol,
                                "--silent",
                                "--show-error",
                                "--max-time",
                                "60",
                                "--write-out",
                                "%{stderr}HTTP/%{http_version} %{http_code}",
                                "--header",
                                "authorization: Bearer " + token()));
        arguments.addAll(List.of(options));
        arguments.add(gateway.resolve(target).toString());
        return Program.command("curl").run(arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {PRIOR_KNOWLEDGE, UPGRADE})
    void getBringsJson(String protocol) throws Exception {
        assertThat(curl(protocol, "/v1/echo/hello"))
                .contains("\"message\":\"hello\"")
                .endsWith("HTTP/2 200");
    }

    /// A server may leave an upgrade be that comes with a body.
    @ParameterizedTest
    @ValueSource(strings = {PRIOR_KNOWLEDGE, UPGRADE})
    void megabyteIsTaken(String protocol, @TempDir Path folder) throws Exception {
        var message = "0123456789".repeat(100_000);
        var body = Files.writeString(folder.resolve("body"), "{\"message\":\"" + message + "\"}");
        assertThat(
                        curl(
                                protocol,
                                "/v1/echo",
                                "--header",
                                "content-type: application/json",
                                "--data-binary",
                                "@" + body))
                .contains("\"message\":\"" + message + "\"")
                .endsWith(" 200");
    }

    @Test
    void streamIsTakenWhileItIsSent(@TempDir Path folder) throws Exception {
        var line = "{\"message\":\"" + "x".repeat(1000) + "\"}\n";
        var body = Files.writeString(folder.resolve("body"), line.repeat(1000));
        var answer =
                curl(
                        PRIOR_KNOWLEDGE,
                        "/v1/echo:chat",
                        "--header",
                        "content-type: application/x-ndjson",
                        "--data-binary",
                        "@" + body);
        assertThat(answer.lines().filter(l -> l.contains("\"message\""))).hasSize(1000);
        assertThat(answer).contains("{\"@end\":{}}");
    }

    @Test
    void streamIsDownloadedToItsEnd() throws Exception {
        var answer = curl(PRIOR_KNOWLEDGE, "/v1/echo:stream?count=50000&message=hello");
        assertThat(answer.lines().filter(l -> l.contains("\"message\":\"hello\""))).hasSize(50_000);
        assertThat(answer).contains("{\"@end\":{}}");
    }
}
