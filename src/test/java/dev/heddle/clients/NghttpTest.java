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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// nghttp2's clients: `nghttp`, which sends a few requests, and `h2load`, which sends many.
@Timeout(180)
final class NghttpTest extends GatewayTest {
    private final URI gateway;

    NghttpTest(URI gateway) {
        this.gateway = gateway;
    }

    private String run(String program, String target, List<String> options)
            throws IOException, InterruptedException {
        var arguments = new ArrayList<>(options);
        arguments.add("--header=authorization: Bearer " + token());
        arguments.add(gateway.resolve(target).toString());
        return Program.command(program).run(arguments.toArray(String[]::new));
    }

    private static Path bodyOf(int size, Path folder) throws IOException {
        return Files.writeString(
                folder.resolve("body"), "{\"message\":\"" + "x".repeat(size) + "\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--no-dep", "--upgrade", "--window-bits=14"})
    void nghttpGetsJson(String option) throws Exception {
        assertThat(run("nghttp", "/v1/echo/hello", List.of(option)))
                .contains("\"message\":\"hello\"");
    }

    @Test
    void nghttpSendsAMegabyteTenTimesAtOnce(@TempDir Path folder) throws Exception {
        var answers =
                run(
                        "nghttp",
                        "/v1/echo",
                        List.of(
                                "--data=" + bodyOf(1_000_000, folder),
                                "--header=content-type: application/json",
                                "--multiply=10"));
        assertThat(answers.length()).isBetween(10_000_000, 10_010_000);
    }

    @Test
    void manyRequestsAllSucceed() throws Exception {
        assertThat(run("h2load", "/v1/echo/hello", List.of("-n20000", "-c4", "-m16")))
                .contains(allSucceeded(20_000));
    }

    /// Windows of 64 KiB, for a stream and for the connection.
    @Test
    void largeMessagesThroughSmallWindowsAllSucceed(@TempDir Path folder) throws Exception {
        var body = bodyOf(50_000, folder);
        assertThat(
                        run(
                                "h2load",
                                "/v1/echo",
                                List.of(
                                        "-n2000",
                                        "-c1",
                                        "-m8",
                                        "-w16",
                                        "-W16",
                                        "--data=" + body,
                                        "--header=content-type: application/json")))
                .contains(allSucceeded(2000));
    }

    @Test
    void streamsThroughSmallWindowsAllSucceed() throws Exception {
        assertThat(
                        run(
                                "h2load",
                                "/v1/echo:stream?count=2000&message=hello",
                                List.of("-n400", "-c2", "-m8", "-w16", "-W16")))
                .contains(allSucceeded(400));
    }

    private static String allSucceeded(int count) {
        return "%d done, %1$d succeeded, 0 failed, 0 errored, 0 timeout".formatted(count);
    }
}
