package dev.heddle.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.heddle.jobs.JobContext;
import dev.heddle.jobs.PermanentFailureException;
import dev.heddle.rpc.RpcException;
import dev.heddle.rpc.Task;
import dev.heddle.testing.TestCertificate;
import io.grpc.Status.Code;
import io.helidon.common.tls.Tls;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where webhooks may go.
@Timeout(60)
final class WebhookHandlerTest {
    private static final String SECRET = "a secret of some length";
    private static final Settings STRICT = settings(false);
    private static final Settings LENIENT = settings(true);

    private static Settings settings(boolean allowPrivate) {
        return new Settings(SECRET, allowPrivate, Duration.ofSeconds(2), Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.0.0.1.",
                "127.1",
                "2130706433",
                "0x7f000001",
                "0x7f.0.0.1",
                "0177.0.0.1",
                "017700000001",
                "127.0.0.01",
                "1.2.3.0x4",
                "0.0.0.0",
                "0",
                "10.1.2.3",
                "100.64.0.1",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.192",
                "192.168.1.1",
                "198.18.0.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "[::]",
                "[::1]",
                "[0:0:0:0:0:0:0:1]",
                "[::127.0.0.1]",
                "[::ffff:127.0.0.1]",
                "[::ffff:7f00:1]",
                "[::ffff:10.0.0.1]",
                "[64:ff9b::7f00:1]",
                "[64:ff9b:1::1]",
                "[100::1]",
                "[2001::1]",
                "[2001:db8::1]",
                "[2002:7f00:1::]",
                "[fc00::1]",
                "[fd00:ec2::254]",
                "[fe80::1]",
                "[fe80::1%25lo]",
                "[fec0::1]",
                "[ff02::1]"
            })
    void addressOffTheInternetIsRefusedAtOnce(String host) {
        var handler = new WebhookHandler(STRICT, Clock.systemUTC());

        assertThatThrownBy(() -> handler.check(payload("http://%s/".formatted(host))))
                .isInstanceOfSatisfying(
                        RpcException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.INVALID_ARGUMENT));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.com/",
                "https://example.com:8443/a?b=c",
                "http://1.1.1.1/",
                "http://172.15.0.1/",
                "http://172.32.0.1/",
                "http://[2606:4700::1111]/",
                "http://example.com./"
            })
    void addressOnTheInternetIsTaken(String url) {
        new WebhookHandler(STRICT, Clock.systemUTC()).check(payload(url));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost.", "ip6-localhost.example"})
    void nameOfSuchAnAddressIsRefusedWhenItIsLookedUp(String name) {
        var handler = handler(STRICT, _ -> addresses("1.1.1.1", "127.0.0.1"));

        assertThatThrownBy(() -> run(handler, "http://%s/".formatted(name)))
                .isInstanceOf(PermanentFailureException.class)
                .hasMessageContaining("no host on the internet")
                .hasMessageNotContaining("127.0.0.1");
    }

    @Test
    void nameThatNobodyKnowsIsTriedAgain() {
        var handler =
                handler(
                        STRICT,
                        name -> {
                            throw new UnknownHostException(name);
                        });

        assertThatThrownBy(() -> run(handler, "http://hooks.example/"))
                .isInstanceOfSatisfying(
                        RpcException.class,
                        e -> assertThat(e.reason()).contains(Target.UNREACHABLE));
    }

    @Test
    void nameIsLookedUpOnceAndTheConnectionGoesThere() throws Exception {
        var lookups = new AtomicInteger();
        try (var receiver = Receiver.start()) {
            var handler =
                    handler(
                            LENIENT,
                            _ ->
                                    lookups.incrementAndGet() == 1
                                            ? addresses("127.0.0.1")
                                            : addresses("127.0.0.99"));

            run(handler, "http://hooks.example:%d/x".formatted(receiver.port()));

            assertThat(lookups).hasValue(1);
            assertThat(receiver.received()).hasSize(1);
            assertThat(receiver.received().getFirst().headers().getFirst("Host"))
                    .isEqualTo("hooks.example:" + receiver.port());
        }
    }

    @Test
    void certificateMustBeForTheName(@TempDir Path folder) throws Exception {
        var certificate = TestCertificate.in(folder);
        var tls = Tls.builder().sslContext(certificate.trust()).build();
        try (var receiver = Receiver.startSecure(context(folder))) {
            var handler =
                    new WebhookHandler(
                            LENIENT, Clock.systemUTC(), _ -> addresses("127.0.0.1"), tls);

            run(handler, "https://localhost:%d/".formatted(receiver.port()));
            assertThat(receiver.received()).hasSize(1);
            // the address is in the certificate, and the name is not
            assertThatThrownBy(() ->
                            run(handler, "https://hooks.example:%d/".formatted(receiver.port())))
                    .isInstanceOfSatisfying(
                            RpcException.class,
                            e -> assertThat(e.reason()).contains(Target.UNREACHABLE));
            assertThat(receiver.received()).hasSize(1);
            var distrusting = handler(LENIENT, _ -> addresses("127.0.0.1"));
            assertThatThrownBy(() ->
                            run(distrusting, "https://localhost:%d/".formatted(receiver.port())))
                    .isInstanceOf(RpcException.class);
        }
    }

    @Test
    void nothingIsSentWithoutASecret() {
        var handler = new WebhookHandler(Settings.DEFAULT, Clock.systemUTC());

        assertThatThrownBy(() -> run(handler, "http://example.com/"))
                .isInstanceOf(PermanentFailureException.class)
                .hasMessageContaining("webhook.secret");
    }

    @Test
    void timeToRetryAfterIsSecondsOrADate() {
        var now = Instant.parse("2026-01-01T00:00:00Z");

        assertThat(RetryAfter.of("120", now)).contains(Duration.ofMinutes(2));
        assertThat(RetryAfter.of("Thu, 01 Jan 2026 00:00:30 GMT", now))
                .contains(Duration.ofSeconds(30));
        assertThat(RetryAfter.of("Wed, 31 Dec 2025 00:00:30 GMT", now)).isEmpty();
        assertThat(RetryAfter.of("soon", now)).isEmpty();
        assertThat(RetryAfter.of("", now)).isEmpty();
    }

    private static WebhookHandler handler(Settings settings, Target.Names names) {
        return new WebhookHandler(settings, Clock.systemUTC(), names, Tls.builder().build());
    }

    private static void run(WebhookHandler handler, String url) {
        var _ =
                Task.detached(Duration.ofSeconds(20))
                        .run(() -> handler.run(payload(url), new Context()));
    }

    private static Struct payload(String url) {
        return Struct.newBuilder()
                .putFields("url", Value.newBuilder().setStringValue(url).build())
                .build();
    }

    private static InetAddress[] addresses(String... literals) {
        return Arrays.stream(literals).map(InetAddress::ofLiteral).toArray(InetAddress[]::new);
    }

    private static SSLContext context(Path folder) throws Exception {
        var password = "changeit".toCharArray();
        var store = KeyStore.getInstance(folder.resolve("EC.p12").toFile(), password);
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private record Context() implements JobContext {
        @Override
        public String id() {
            return "0199";
        }

        @Override
        public String creator() {
            return "";
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public boolean isLastAttempt() {
            return false;
        }

        @Override
        public long fencingToken() {
            return 1;
        }

        @Override
        public Duration remaining() {
            return Duration.ofMinutes(1);
        }

        @Override
        public void progress(double fraction) {
            // nobody looks
        }

        @Override
        public void log(String text) {
            // nobody looks
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void check() {
            // nobody cancels it
        }
    }
}
