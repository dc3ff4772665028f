package dev.heddle.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.testing.TestPostgres;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever the program prints, at its most talkative: no secret is in it.
@Timeout(180)
final class SecretsTest {
    private static final String MAIL = "mail-s3cr3t-9f2c";
    private static final String WEBHOOK = "webhook-s3cr3t-77aa01";
    private static final String KEY = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTMyYnk=";

    @TempDir private Path folder = Path.of("");

    @Test
    void gatewayNeverPrintsWhatItKnows() throws Exception {
        var postgres = TestPostgres.createDatabase();
        var environment = new TreeMap<String, String>();
        environment.put("HEDDLE_LOG_LEVEL", "TRACE");
        environment.put("HEDDLE_LOG_ACCESS", "true");
        environment.put("HEDDLE_LOG_AUDIT_FILE", folder.resolve("audit.log").toString());
        environment.put("HEDDLE_DB_URL", postgres.jdbcUrl());
        environment.put("HEDDLE_DB_USERNAME", postgres.username());
        environment.put("HEDDLE_DB_PASSWORD_FILE", file(postgres.password()));
        environment.put("HEDDLE_MAIL_PASSWORD_FILE", file(MAIL));
        environment.put("HEDDLE_WEBHOOK_SECRET_FILE", file(WEBHOOK));
        environment.put("HEDDLE_SECURITY_PAGE_TOKEN_KEY_FILE", file(KEY));
        try (var gateway =
                        HeddleProcess.serve(folder.resolve("data"), environment, List.of());
                var client = HttpClient.newHttpClient()) {
            var denied = send(client, gateway, "GET", "/v1/users", "wrong-s3cr3t-token");
            assertThat(denied.statusCode()).isEqualTo(401);
            var paused =
                    send(client, gateway, "POST", "/v1/jobTypes/sleep:pause", gateway.token());
            assertThat(paused.statusCode()).isEqualTo(200);
            var metrics = send(client, gateway, "GET", "/metrics", gateway.token());
            assertNoSecrets(metrics.body());
            var token = gateway.token();
            gateway.terminate();
            var outcome = gateway.await();

            assertNoSecrets(outcome.out() + outcome.err());
            assertThat(outcome.out() + outcome.err()).doesNotContain(postgres.password());
            assertThat(outcome.err()).doesNotContain(token, "wrong-s3cr3t-token");
            assertAudited(folder.resolve("audit.log"));
        }
    }

    private static void assertAudited(Path file) throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        var lines = Files.readAllLines(file);
        assertThat(lines).hasSize(2);
        var denied = new ObjectMapper().readTree(lines.getFirst());
        assertThat(denied.path("event").asText()).isEqualTo("denied");
        assertThat(denied.path("method").asText()).isEqualTo("heddle.users.v1.UserService/ListUsers");
        assertThat(denied.path("framing").asText()).isNotEmpty();
        var administered = new ObjectMapper().readTree(lines.getLast());
        assertThat(administered.path("event").asText()).isEqualTo("administered");
        assertThat(administered.path("outcome").asText()).isEqualTo("OK");
        assertThat(administered.path("method").asText())
                .isEqualTo("heddle.jobs.v1.JobService/PauseType");
        assertThat(administered.path("subject").asText()).isNotEmpty();
    }

    private static HttpResponse<String> send(
            HttpClient client, HeddleProcess gateway, String method, String path, String token)
            throws Exception {
        var request =
                HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:%d%s".formatted(gateway.port(), path)))
                        .header("authorization", "Bearer " + token)
                        .header("content-type", "application/json")
                        .method(
                                method,
                                method.equals("GET")
                                        ? BodyPublishers.noBody()
                                        : BodyPublishers.ofString("{}"))
                        .timeout(Duration.ofSeconds(20))
                        .build();
        return client.send(request, BodyHandlers.ofString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // no end of the quotes: the parser shows the line
                "mail:\n  password: \"mail-s3cr3t-9f2c\nlog: {}\n",
                "mail:\n  password: mail-s3cr3t-9f2c\n  port: 0\n",
                "mail:\n  password: mail-s3cr3t-9f2c\n  password-file: a\n",
                "webhook:\n  secret: s3cr3t-short\n",
                "security:\n  page-token-key: s3cr3t-s3cr3t\n",
                "db:\n  url: jdbc:postgresql://127.0.0.1:1/a?password=database-s3cr3t-5e1d\n"
                        + "  password: database-s3cr3t-5e1d\n",
                "db:\n  url: jdbc:mysql://a/b?password=database-s3cr3t-5e1d\n"
            })
    void configurationThatFailsDoesNotPrintIt(String yaml) throws Exception {
        var config = Files.writeString(folder.resolve("heddle.yaml"), yaml);
        var environment = Map.of("HEDDLE_LOG_LEVEL", "TRACE");
        try (var process =
                HeddleProcess.start(
                        environment,
                        List.of(),
                        "serve",
                        "--port",
                        "0",
                        "--config",
                        config.toString(),
                        "--data",
                        folder.resolve("data").toString())) {
            var outcome = process.await();

            assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(2);
            assertThat(outcome.err()).isNotEmpty();
            assertNoSecrets(outcome.out() + outcome.err());
        }
    }

    private static void assertNoSecrets(String printed) {
        assertThat(printed.contains("s3cr3t") || printed.contains(KEY))
                .as(() ->
                        printed.lines()
                                .filter(line -> line.contains("s3cr3t") || line.contains(KEY))
                                .findFirst()
                                .orElse("none"))
                .isFalse();
    }

    private String file(String secret) throws Exception {
        var file = Files.createTempFile(folder, "secret", "");
        return Files.writeString(file, secret + "\n").toString();
    }
}
