package dev.heddle.http.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.heddle.http.Exchange;
import dev.heddle.http.helidon.TestServer;
import dev.heddle.http.tls.TlsSettings;
import dev.heddle.rpc.Headers;
import dev.heddle.testing.TestCertificate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// All of h2spec against our HTTP/2, a test a case.
final class H2specTest {
    /// Cases whose expectation is wrong, with the reason.
    private static final Map<String, String> FAULTS_OF_H2SPEC = Map.of();

    private static final int CASES = 146;

    @TestFactory
    Stream<DynamicTest> serverDoesAsTheStandardSays(@TempDir Path folder) throws Exception {
        return run(TlsSettings.NONE, folder);
    }

    @TestFactory
    Stream<DynamicTest> serverDoesAsTheStandardSaysUnderTls(@TempDir Path folder) throws Exception {
        return run(TestCertificate.in(folder).settings(), folder, "--tls", "--insecure");
    }

    private static Stream<DynamicTest> run(TlsSettings tls, Path folder, String... options)
            throws Exception {
        assumeTrue(H2spec.isForThisSystem(), "h2spec is here for Linux on x86-64 alone");
        var settings = TestServer.settings(Duration.ofSeconds(10));
        try (var server = new TestServer(settings, tls, H2specTest::answer)) {
            var cases = H2spec.unpack(folder).run(server.uri("/").getPort(), options);
            assertThat(cases).as("cases that h2spec ran").hasSize(CASES);
            return cases.stream()
                    .filter(c -> !FAULTS_OF_H2SPEC.containsKey(c.name()))
                    .map(c ->
                            dynamicTest(
                                    c.name(), () -> assertThat(c.fault()).as(c.name()).isEmpty()));
        }
    }

    private static void answer(Exchange exchange) throws IOException {
        var read = exchange.body().readAllBytes().length;
        exchange.respond(
                200,
                Headers.builder().set("content-type", "text/plain").build(),
                "%d bytes%n".formatted(read).getBytes(StandardCharsets.UTF_8));
    }
}
