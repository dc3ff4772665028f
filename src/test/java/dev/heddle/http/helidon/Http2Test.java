package dev.heddle.http.helidon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.http.Exchange;
import dev.heddle.rpc.Headers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
@TestInstance(Lifecycle.PER_CLASS)
final class Http2Test {
    private static final Path CURL = Path.of("/usr/bin/curl");

    private final TestServer server = new TestServer(Http2Test::answer);

    private static void answer(Exchange exchange) throws IOException {
        var headers = Headers.builder().set("x-protocol", exchange.protocol());
        switch (exchange.rawPath()) {
            case "/stream-echo" -> {
                exchange.liftBodyBound();
                try (var out = exchange.respond(200, headers.build())) {
                    exchange.body().transferTo(out);
                }
            }
            case "/fails-late" -> {
                var out = exchange.respond(200, headers.build());
                out.write(new byte[100_000]);
                throw new IllegalStateException("a secret");
            }
            case "/fails" -> throw new IllegalStateException("a secret");
            case "/several-values" ->
                    exchange.respond(
                            204, headers.add("vary", "a").add("vary", "b").build(), new byte[0]);
            default -> {
                var text =
                        "%s %s|%s %s"
                                .formatted(
                                        exchange.method(),
                                        exchange.rawPath(),
                                        exchange.rawQuery(),
                                        new String(
                                                exchange.body().readAllBytes(),
                                                StandardCharsets.UTF_8));
                exchange.respond(200, headers.build(), text.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private String curl(String... arguments) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(CURL), "no curl");
        var command =
                new ArrayList<>(
                        List.of(
                                CURL.toString(),
                                "-sS",
                                "-m",
                                "10",
                                "--path-as-is",
                                "--globoff",
                                "--http2-prior-knowledge"));
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(15, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    @Test
    void curlGetsAndPosts() throws Exception {
        assertThat(curl(server.uri("/a?b=c").toString())).isEqualTo("GET /a|b=c ");
        assertThat(curl("-d", "hello", server.uri("/a").toString())).isEqualTo("POST /a| hello");
        assertThat(curl("-I", server.uri("/a").toString()))
                .contains("HTTP/2 200", "x-protocol: HTTP/2", "content-length: 9");
        assertThat(curl("-i", server.uri("/several-values").toString()))
                .contains("HTTP/2 204", "vary: a", "vary: b");
    }

    @Test
    void pathArrivesAsSent() throws Exception {
        for (var path :
                List.of("/a%2Fb", "//a//b", "/a/../b/./c", "/%00", "/%ff", "/%zz", "/a;b=c/d")) {
            var uri = server.uri("/").toString();
            assertThat(curl(uri.substring(0, uri.length() - 1) + path + "?q=%2F&&=+%ff"))
                    .isEqualTo("GET " + path + "|q=%2F&&=+%ff ");
        }
    }

    @Test
    void largeBodiesPass(@TempDir Path folder) throws Exception {
        var body = "0123456789".repeat(30_000);
        var file = Files.writeString(folder.resolve("body"), body);
        assertThat(curl("--data-binary", "@" + file, server.uri("/stream-echo").toString()))
                .isEqualTo(body);
    }

    @Test
    void failureDoesNotLeak() throws Exception {
        assertThat(curl("-i", server.uri("/fails").toString()))
                .contains("HTTP/2 500", "\"code\":13")
                .doesNotContain("secret");
        assertThat(curl(server.uri("/fails-late").toString())).contains("curl: (");
    }
}
