package dev.heddle.endtoend;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.TestGateway;
import dev.heddle.demo.JsonServer;
import dev.heddle.testing.TestPostgres;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The commands of `etc/patterns.http`, run as they stand.
@Timeout(120)
final class PatternsTest {
    private static final Path COMMANDS = Path.of("etc", "patterns.http");
    private static final Path CURL = Path.of("/usr/bin/curl");

    /// An answer that is an error; answers follow each other without a line break.
    private static final String ERROR = "(^|})\\{\"code\":";

    private static final String MARK = "@@ ";

    /// What the answers to a pattern's commands have, by its row.
    private static final Map<Integer, String> ANSWERS =
            Map.ofEntries(
                    entry(2, "USER_NOT_FOUND"),
                    entry(3, "\"users\":["),
                    entry(4, "Weaving"),
                    entry(6, "\"startTime\""),
                    entry(7, "README.md"),
                    entry(8, "\"message\":\"hello\""),
                    entry(10, "synced"),
                    entry(12, "event: end"),
                    entry(13, "ell304"),
                    entry(14, "@example.com"),
                    entry(15, "</html>"),
                    entry(16, "\"profile\":{\"content\""),
                    entry(17, "\"dashboard\""),
                    entry(18, "\"outcomes\":["),
                    entry(19, "\"failed\":[{\"user\":\"nobody\""),
                    entry(20, "source_"),
                    entry(21, "\"statuses\""),
                    entry(22, "tick"),
                    entry(25, "\"cached\":true"),
                    entry(26, "grace@example.com"),
                    entry(27, ""),
                    entry(28, "\"comments\":["),
                    entry(29, "STATE_PAID"),
                    entry(30, "server-timing"),
                    entry(31, "greeting.sent"));

    @Test
    void eachPatternAnswersAsItsCommandSays() throws Exception {
        assumeTrue(Files.isExecutable(CURL), "no curl");
        try (var server =
                        JsonServer.start(path ->
                                JsonServer.Reply.of(
                                        path.startsWith("/price")
                                                ? "{\"currencyCode\":\"EUR\",\"units\":\"5\"}"
                                                : "{\"hits\":[]}"));
                var gateway = open(server)) {
            var answers = run(gateway);

            assertThat(answers.keySet()).containsExactlyInAnyOrderElementsOf(ANSWERS.keySet());
            answers.forEach((row, answer) ->
                    assertThat(answer).as("pattern " + row).contains(ANSWERS.get(row)));
            answers.forEach((row, answer) -> {
                if (row != 2) {
                    assertThat(answer).as("pattern " + row).doesNotContainPattern(ERROR);
                }
            });
        }
    }

    private static TestGateway open(JsonServer server) throws Exception {
        return TestGateway.open(
                        TestPostgres.createDatabase(),
                        Map.of(
                                "prices.stores", "near=" + server.address("/price/{id}"),
                                "users.profile.profile-url", server.address("/profiles/{id}"),
                                "users.profile.posts-url", server.address("/posts/{id}"),
                                "users.profile.comments-url", server.address("/comments/{id}"),
                                "search.external-url", server.address("/search?q={q}")))
                .start();
    }

    /// What the commands print, by row.
    private static Map<Integer, String> run(TestGateway gateway) throws Exception {
        var script =
                Files.readString(COMMANDS)
                        .replaceAll("(?m)^### (\\d+)\\..*$", "\necho '" + MARK + "'$1");
        var builder = new ProcessBuilder("bash", "-u", "-c", script).redirectErrorStream(true);
        builder.environment().put("HEDDLE", "http://127.0.0.1:" + gateway.port());
        builder.environment().put("TOKEN", gateway.token());
        var process = builder.start();
        try {
            process.getOutputStream().close();
            var printed =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            var answers = new HashMap<Integer, String>();
            for (var block : printed.split(MARK, -1)) {
                var lines = block.split("\n", 2);
                if (!lines[0].isBlank()) {
                    answers.put(Integer.valueOf(lines[0]), lines[1]);
                }
            }
            return answers;
        } finally {
            process.destroyForcibly();
        }
    }
}
