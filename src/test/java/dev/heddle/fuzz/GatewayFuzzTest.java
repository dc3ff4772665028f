package dev.heddle.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.TestGateway;
import dev.heddle.http.helidon.RawClient;
import dev.heddle.testing.TestPostgres;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;

/// Requests at random to all that a gateway serves, over sockets, by somebody who may do anything.
/// Each is answered in time, without a fault of the gateway's own and without a word of its inside.
@Timeout(3600)
@TestInstance(Lifecycle.PER_CLASS)
final class GatewayFuzzTest {
    /// How long a call may take, which ends streams too.
    private static final String SECONDS = "0.1";

    private final TestGateway gateway = open();

    private static TestGateway open() {
        try {
            return TestGateway.open(TestPostgres.createDatabase(), Map.of("log.level", "ERROR"))
                    .start();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @AfterAll
    void stop() {
        gateway.close();
    }

    private String header() {
        return "Host: localhost\r\nConnection: close\r\nAuthorization: Bearer %s\r\nX-Server-Timeout: %s\r\n"
                .formatted(gateway.token(), SECONDS);
    }

    @Test
    void requestsAtRandomAreAnsweredOrRefused() throws IOException {
        var document =
                new ObjectMapper()
                        .readTree(
                                answer("GET /openapi.json HTTP/1.1\r\n" + header() + "\r\n", false)
                                        .body);
        var random = new Random(Fuzz.SEED);
        var requests = new Requests(random, document);
        var statuses = new TreeMap<Integer, Integer>();
        for (var i = 0; i < Math.max(1, Fuzz.INPUTS / 40); i++) {
            var request = requests.next(header());
            var text = new String(request, StandardCharsets.ISO_8859_1);
            var answer = answer(text, false);
            statuses.merge(answer.status, 1, Integer::sum);
            assertThat(isFine(answer))
                    .as(
                            "seed %d, request %d: %s\n→ %s",
                            Fuzz.SEED, i, shown(text), shown(answer.body))
                    .isTrue();
            requests.learn(answer.body);
        }
        System.out.printf("fuzz gateway: seed %d, answers by status %s%n", Fuzz.SEED, statuses);
        if (Fuzz.INPUTS > 10_000) {
            assertThat(statuses).containsKeys(200, 400, 404);
        }
    }

    /// Damaged in the line, the header or the framing, where a proxy and a server could disagree.
    @Test
    void damagedRequestsAreAnsweredOrRefused() throws IOException {
        var samples =
                new byte[][] {
                    ("GET /v1/users?page_size=1 HTTP/1.1\r\n" + header() + "\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1),
                    ("POST /v1/users HTTP/1.1\r\n"
                                    + header()
                                    + "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
                            .getBytes(StandardCharsets.ISO_8859_1),
                    ("POST /v1/users HTTP/1.1\r\n"
                                    + header()
                                    + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1),
                    ("GET /ws/heddle.diagnostics.v1.DiagnosticsService/Echo HTTP/1.1\r\n"
                                    + header().replace("close", "Upgrade")
                                    + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1),
                };
        var random = new Random(Fuzz.SEED);
        var statuses = new TreeMap<Integer, Integer>();
        for (var i = 0; i < Math.max(1, Fuzz.INPUTS / 50); i++) {
            var request =
                    new Mutator(random, java.util.List.of(samples), java.util.List.of()).next();
            var text = new String(request, StandardCharsets.ISO_8859_1);
            var answer = answer(text, true);
            statuses.merge(answer.status, 1, Integer::sum);
            assertThat(isFine(answer) || answer.status == 505)
                    .as(
                            "seed %d, request %d: %s\n→ %s",
                            Fuzz.SEED, i, shown(text), shown(answer.body))
                    .isTrue();
        }
        System.out.printf("fuzz HTTP/1.1: seed %d, answers by status %s%n", Fuzz.SEED, statuses);
    }

    private record Answer(int status, String body) {}

    /// The answer to a request; status 0 where the gateway only closes, as it may when the peer has
    /// gone.
    ///
    /// @param isAll whether the peer says that nothing more comes
    private Answer answer(String request, boolean isAll) throws IOException {
        try (var client = new RawClient(gateway.port())) {
            client.send(request);
            if (isAll) {
                client.shutdownOutput();
            }
            var status = client.line();
            for (var field = client.line(); !field.isEmpty(); field = client.line()) {
                assertThat(field).doesNotStartWithIgnoringCase("x-injected");
            }
            return new Answer(Integer.parseInt(status.substring(9, 12)), client.rest());
        } catch (EOFException | SocketException _) {
            return new Answer(0, "");
        }
    }

    private static boolean isFine(Answer answer) {
        var isStatus =
                answer.status < 500
                        || answer.status == 501
                        || answer.status == 504
                        || (answer.status == 503 && answer.body.contains("\"reason\""));
        return isStatus
                && !answer.body.contains("internal error")
                && !answer.body.contains("Exception")
                && !answer.body.contains("\tat ");
    }

    private static String shown(String text) {
        return text.length() > 1500 ? text.substring(0, 1500) + "…" : text;
    }
}
