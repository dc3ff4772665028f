package dev.heddle.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.heddle.mail.Settings.Encryption;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import dev.heddle.testing.Await;
import dev.heddle.testing.Calls;
import dev.heddle.testing.StoreCalls;
import io.grpc.Status.Code;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class MailerTest {
    private static final int CONNECTIONS = 3;
    private static final Mail MAIL =
            new Mail("0199-1", "ada@example.com", "Grüße", "Zwölf Boxkämpfer\n.\nund Schluss");

    @Test
    void mailArrivesAsItWasWritten() throws Exception {
        var server = new GreenMail(ServerSetup.SMTP.dynamicPort());
        server.start();
        try (var mailer = mailer(server.getSmtp().getPort())) {
            mailer.send(MAIL);

            var received = server.getReceivedMessages();
            assertThat(received).hasSize(1);
            assertThat(received[0].getSubject()).isEqualTo("Grüße");
            assertThat(received[0].getContent().toString().replace("\r\n", "\n").strip())
                    .isEqualTo(MAIL.text());
            assertThat(received[0].getMessageID()).isEqualTo("<0199-1@heddle.example>");
            assertThat(received[0].getFrom()[0]).hasToString("shop@heddle.example");
            assertThat(received[0].getSentDate()).isNotNull();
        } finally {
            server.stop();
        }
    }

    @Test
    void connectionsAreFewAndKept() throws Exception {
        try (var server = SmtpServer.start(_ -> SmtpServer.DEFAULT);
                var mailer = mailer(server.port())) {
            Callable<Mail> one =
                    () -> {
                        mailer.send(MAIL);
                        return MAIL;
                    };

            assertThat(StoreCalls.together(Collections.nCopies(50, one))).hasSize(50);

            assertThat(server.taken()).isEqualTo(50);
            assertThat(server.accepted()).isBetween(1, CONNECTIONS);
        }
    }

    @Test
    void connectionThatBrokeIsReplaced() throws Exception {
        try (var server = SmtpServer.start(_ -> SmtpServer.DEFAULT);
                var mailer = mailer(server.port())) {
            mailer.send(MAIL);
            server.disconnect();
            mailer.send(MAIL);

            assertThat(server.taken()).isEqualTo(2);
            assertThat(server.accepted()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "RCPT, 550 nobody of that name, FAILED_PRECONDITION, MAIL_REFUSED",
        "RCPT, 451 try later, UNAVAILABLE, MAIL_UNAVAILABLE",
        "MAIL, 554 not from there, FAILED_PRECONDITION, MAIL_REFUSED",
        "DATA, 554 no, FAILED_PRECONDITION, MAIL_REFUSED",
        "DATA, 421 closing, UNAVAILABLE, MAIL_UNAVAILABLE"
    })
    void refusalSaysWhetherToTryAgain(String command, String answer, Code code, String reason)
            throws Exception {
        try (var server =
                        SmtpServer.start(
                                sent -> sent.equals(command) ? answer : SmtpServer.DEFAULT);
                var mailer = mailer(server.port())) {
            var failure = Calls.failure(() -> mailer.send(MAIL));

            assertThat(failure.code()).isEqualTo(code);
            assertThat(failure.reason()).contains(reason);
            assertThat(server.taken()).isZero();
        }
    }

    @Test
    void serverThatIsSilentIsLeftWhenTheTaskEnds() throws Exception {
        var isAsked = new CountDownLatch(1);
        var isOver = new CountDownLatch(1);
        try (var server =
                        SmtpServer.start(command -> {
                            if (command.equals("DATA")) {
                                isAsked.countDown();
                                awaitQuietly(isOver);
                            }
                            return SmtpServer.DEFAULT;
                        });
                var mailer = mailer(server.port())) {
            var task = Task.part();
            var sending =
                    Thread.ofVirtual()
                            .unstarted(() -> {
                                var failure =
                                        Calls.failure(() -> {
                                            var _ =
                                                    task.run(() -> {
                                                        mailer.send(MAIL);
                                                        return MAIL;
                                                    });
                                        });
                                assertThat(failure.code()).isEqualTo(Code.CANCELLED);
                            });
            sending.start();
            isAsked.await();

            task.cancel(new RpcException(Code.CANCELLED, "no longer wanted"));

            assertThat(sending.join(Duration.ofSeconds(30))).isTrue();
            isOver.countDown();
            Await.until("no open connection", () -> server.open() == 0);
        }
    }

    @Test
    void serverThatIsNotThereIsUnavailable() throws Exception {
        int port;
        try (var server = SmtpServer.start(_ -> SmtpServer.DEFAULT)) {
            port = server.port();
        }
        try (var mailer = mailer(port)) {
            assertThat(Calls.failure(() -> mailer.send(MAIL)).reason())
                    .contains("MAIL_UNAVAILABLE");
        }
    }

    @Test
    void serverThatIsNotConfiguredIsNamed() {
        try (var mailer = new Mailer(Settings.DEFAULT)) {
            var failure = Calls.failure(() -> mailer.send(MAIL));

            assertThat(failure.code()).isEqualTo(Code.FAILED_PRECONDITION);
            assertThat(failure)
                    .hasMessage("there is no mail server (expected: one under mail.host)");
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static Mailer mailer(int port) {
        return new Mailer(
                new Settings(
                        "127.0.0.1",
                        port,
                        Encryption.NONE,
                        "",
                        "",
                        "shop@heddle.example",
                        Duration.ofSeconds(20),
                        CONNECTIONS,
                        100,
                        Duration.ofSeconds(20)));
    }
}
