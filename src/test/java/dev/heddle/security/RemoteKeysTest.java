package dev.heddle.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.TestIssuer;
import io.grpc.Status.Code;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// With a server of keys on loopback.
@Timeout(60)
final class RemoteKeysTest {
    private final TestIssuer first = new TestIssuer();
    private final TestIssuer second = new TestIssuer();
    private final AtomicInteger requests = new AtomicInteger();
    private final HttpServer server;
    private volatile String served = first.keySet();
    private volatile int status = 200;

    RemoteKeysTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/keys",
                exchange -> {
                    requests.incrementAndGet();
                    var body = served.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(status, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void keysAreFetchedOnceForAll() throws Exception {
        var verifier = verifier(Duration.ofHours(1), Duration.ofHours(1));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls =
                    IntStream.range(0, 50)
                            .<Callable<String>>mapToObj(i ->
                                    () -> verifier.verify(first.token("person" + i, "")).subject())
                            .toList();
            for (var call : threads.invokeAll(calls)) {
                assertThat(call.get()).startsWith("person");
            }
        }
        assertThat(requests).hasValue(1);
    }

    @Test
    void rotationIsFollowedAtOnceAndKeysThatAreGoneAreNotUsed() {
        // a millisecond: each attempt may follow the last
        var verifier = verifier(Duration.ofMillis(1), Duration.ofHours(1));
        assertThat(verifier.verify(first.token("ada", "")).subject()).isEqualTo("ada");

        served = second.keySet();
        awaitAnotherMillisecond();
        assertThat(verifier.verify(second.token("bob", "")).subject()).isEqualTo("bob");
        assertThat(requests).hasValue(2);
        assertThat(reason(verifier, first.token("ada", ""))).isEqualTo("SIGNATURE_INVALID");
    }

    @Test
    void unknownKeysDontMakeItAskAgainAndAgain() {
        var verifier = verifier(Duration.ofHours(1), Duration.ofHours(1));
        assertThat(verifier.verify(first.token("ada", "")).subject()).isEqualTo("ada");

        for (var i = 0; i < 100; i++) {
            assertThat(reason(verifier, new TestIssuer().token("eve", "*")))
                    .isEqualTo("SIGNATURE_INVALID");
        }
        assertThat(requests).hasValue(1);
    }

    @Test
    void lastGoodKeysOutliveTheirServer() {
        var verifier = verifier(Duration.ofMillis(1), Duration.ofMillis(1));
        assertThat(verifier.verify(first.token("ada", "")).subject()).isEqualTo("ada");

        status = 500;
        awaitAnotherMillisecond();
        assertThat(verifier.verify(first.token("bob", "")).subject()).isEqualTo("bob");
        status = 200;
        served = "no keys";
        awaitAnotherMillisecond();
        assertThat(verifier.verify(first.token("eve", "")).subject()).isEqualTo("eve");
        assertThat(requests).hasValueGreaterThan(2);
    }

    @Test
    void nobodyIsLetInWhileNoKeyWasEverHad() {
        status = 404;
        var verifier = verifier(Duration.ofMillis(1), Duration.ofHours(1));
        var failure =
                catchThrowableOfType(
                        RpcException.class, () -> verifier.verify(first.token("ada", "")));
        assertThat(failure.code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(failure.reason()).contains("KEYS_UNAVAILABLE");

        status = 200;
        awaitAnotherMillisecond();
        assertThat(verifier.verify(first.token("ada", "")).subject()).isEqualTo("ada");
    }

    @Test
    void keysMayBeInAFile(@TempDir Path folder) throws IOException {
        var file = folder.resolve("keys.json");
        Files.writeString(file, first.keySet());
        var verifier = verifier(file.toUri(), Duration.ofMillis(1), Duration.ofHours(1));
        assertThat(verifier.verify(first.token("ada", "")).subject()).isEqualTo("ada");

        Files.writeString(file, second.keySet());
        awaitAnotherMillisecond();
        assertThat(verifier.verify(second.token("bob", "")).subject()).isEqualTo("bob");
    }

    private static void awaitAnotherMillisecond() {
        var now = System.nanoTime();
        while (System.nanoTime() - now < 2_000_000) {
            Thread.onSpinWait();
        }
    }

    private TokenVerifier verifier(Duration refresh, Duration maxAge) {
        var location =
                URI.create("http://127.0.0.1:%d/keys".formatted(server.getAddress().getPort()));
        return verifier(location, refresh, maxAge);
    }

    private static TokenVerifier verifier(URI location, Duration refresh, Duration maxAge) {
        return new TokenVerifier(
                TokenSettings.DEFAULT.withIssuer(TestIssuer.NAME),
                new RemoteKeys(location, refresh, maxAge),
                Clock.systemUTC());
    }

    private static String reason(TokenVerifier verifier, String token) {
        return catchThrowableOfType(RpcException.class, () -> verifier.verify(token))
                .reason()
                .orElseThrow();
    }
}
