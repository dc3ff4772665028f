package dev.heddle.emails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Struct;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.heddle.TestGateway;
import dev.heddle.feed.Payloads;
import dev.heddle.mail.SmtpServer;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.Await;
import dev.heddle.testing.GatewayCalls;
import dev.heddle.testing.JobCalls;
import dev.heddle.testing.TestPostgres;
import io.grpc.Status.Code;
import java.net.URI;
import java.util.HashSet;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// E-mails as those see them who enqueue and who receive them.
@Timeout(120)
final class EmailTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TestPostgres.Database POSTGRES = TestPostgres.createDatabase();

    private GreenMail mail = startMail(0);
    private final int port = mail.getSmtp().getPort();

    private static GreenMail startMail(int port) {
        var server = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        server.start();
        return server;
    }

    @AfterEach
    void stopMail() {
        mail.stop();
    }

    /// A gateway, and calls to it.
    private record Opened(TestGateway gateway, GatewayCalls calls, JobCalls jobs)
            implements AutoCloseable {
        static Opened of(String host, int port) throws Exception {
            var gateway =
                    TestGateway.open(
                                    POSTGRES,
                                    Map.of(
                                            "mail.host", host,
                                            "mail.port", Integer.toString(port),
                                            "mail.encryption", "none",
                                            "mail.from", "shop@heddle.example",
                                            "jobs.first-pause", "20ms",
                                            "jobs.last-pause", "200ms"))
                            .start();
            var calls =
                    new GatewayCalls(
                            URI.create("http://127.0.0.1:" + gateway.port()), gateway.token());
            return new Opened(gateway, calls, new JobCalls(calls));
        }

        @Override
        public void close() {
            calls.close();
            gateway.close();
        }
    }

    private static String payload(String to) {
        return "{\"to\": \"%s\", \"subject\": \"Grüße\", \"text\": \"Hello.\"}".formatted(to);
    }

    @Test
    void eachOfAThousandArrivesOnce() throws Exception {
        try (var opened = Opened.of("127.0.0.1", port)) {
            var expected = new TreeSet<String>();
            for (var i = 0; i < 1000; i++) {
                var id = opened.jobs().enqueue("email", payload("u%d@example.com".formatted(i)));
                expected.add("<%s@heddle.example>".formatted(id));
            }

            Await.until("all e-mails", () -> mail.getReceivedMessages().length >= 1000);
            Await.until("the end of all jobs", () -> isEmpty(opened, "PENDING", "RUNNING"));

            var received = new TreeSet<String>();
            for (var message : mail.getReceivedMessages()) {
                assertThat(received.add(message.getHeader("Message-ID")[0])).isTrue();
            }
            assertThat(received).isEqualTo(expected);
            assertThat(isEmpty(opened, "FAILED", "DEAD")).isTrue();
        }
    }

    private static boolean isEmpty(Opened opened, String... states) {
        var ids = new HashSet<String>();
        for (var state : states) {
            try {
                var page = opened.calls().get("/v1/jobs?type=email&state=" + state).body();
                ids.addAll(JSON.readTree(page).findValuesAsText("id"));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
        return ids.isEmpty();
    }

    @Test
    void outageIsOutlasted() throws Exception {
        try (var opened = Opened.of("127.0.0.1", port)) {
            mail.stop();
            var id = opened.jobs().enqueue("email", payload("ada@example.com"));
            Await.until(
                    "an attempt that failed",
                    () -> !opened.jobs().get(id).path("attempts").isEmpty());
            mail = startMail(port);

            var job = opened.jobs().awaitEnd(id);

            assertThat(job.get("state").asText()).as(job.toString()).isEqualTo("SUCCEEDED");
            assertThat(job.at("/attempts/0/error/message").asText()).contains("unavailable");
            var messageId = "<%s@heddle.example>".formatted(id);
            assertThat(job.at("/result/messageId").asText()).isEqualTo(messageId);
            assertThat(mail.getReceivedMessages()).hasSize(1);
            assertThat(mail.getReceivedMessages()[0].getHeader("Message-ID"))
                    .containsExactly(messageId);
            assertThat(mail.getReceivedMessages()[0].getSubject()).isEqualTo("Grüße");
        }
    }

    @Test
    void refusalIsFinal() throws Exception {
        try (var server =
                        SmtpServer.start(command ->
                                command.equals("RCPT") ? "550 nobody" : SmtpServer.DEFAULT);
                var opened = Opened.of("127.0.0.1", server.port())) {
            var job = opened.jobs().run("email", payload("nobody@example.com"));

            assertThat(job.get("state").asText()).isEqualTo("FAILED");
            assertThat(job.get("attempts")).hasSize(1);
            assertThat(server.taken()).isZero();
        }
    }

    @Test
    void missingMailServerIsFinal() throws Exception {
        try (var opened = Opened.of("", 25)) {
            var job = opened.jobs().run("email", payload("ada@example.com"));

            assertThat(job.get("state").asText()).isEqualTo("FAILED");
            assertThat(job.at("/error/message").asText()).contains("mail.host");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"to\": \"ada\", \"subject\": \"s\", \"text\": \"t\"}",
                "{\"to\": \"Ada <ada@example.com>\", \"subject\": \"s\", \"text\": \"t\"}",
                "{\"to\": \"a@example.com, b@example.com\", \"subject\": \"s\", \"text\": \"t\"}",
                "{\"to\": \"ada@example.com\\r\\nBcc: eve@example.com\", \"subject\": \"s\", \"text\": \"t\"}",
                "{\"to\": \"ada@example.com\", \"subject\": \"s\\r\\nBcc: eve@example.com\", \"text\": \"t\"}",
                "{\"to\": \"ada@example.com\", \"subject\": \"s\"}",
                "{\"to\": \"ada@example.com\", \"subject\": \"s\", \"text\": 1}",
                "{\"to\": \"ada@example.com\", \"subject\": \"s\", \"text\": \"t\", \"bcc\": \"eve@example.com\"}"
            })
    void wrongPayloadIsRefusedAtOnce(String payload) {
        var parsed = Payloads.read(payload, Struct.newBuilder()).build();

        assertThatThrownBy(() -> EmailHandler.check(parsed))
                .isInstanceOfSatisfying(
                        RpcException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.INVALID_ARGUMENT))
                .hasMessageContaining("job.payload");
    }
}
