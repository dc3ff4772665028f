package dev.heddle.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.heddle.testing.LogLines;
import io.grpc.Status.Code;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AuditLogTest {
    private final RpcException denied =
            new RpcException(Code.UNAUTHENTICATED, "no").withReason("CREDENTIALS_MISSING");

    private final LogLines lines = LogLines.of("dev.heddle.audit");
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @AfterEach
    void close() {
        lines.close();
    }

    private AuditLog log(int denialsPerMinute) {
        return new AuditLog(new AuditLog.Settings(denialsPerMinute), meters);
    }

    @Test
    void denialIsALineOfJson() throws Exception {
        var headers = Headers.builder().set("x-request-id", "r-1").build();

        log(10).refused("/ws/a.B/C", "websocket", "127.0.0.1:5", headers, denied);

        var line = new ObjectMapper().readTree(lines.all().getFirst());
        assertThat(line.path("event").asText()).isEqualTo("denied");
        assertThat(line.path("outcome").asText()).isEqualTo("UNAUTHENTICATED");
        assertThat(line.path("reason").asText()).isEqualTo("CREDENTIALS_MISSING");
        assertThat(line.path("method").asText()).isEqualTo("/ws/a.B/C");
        assertThat(line.path("framing").asText()).isEqualTo("websocket");
        assertThat(line.path("subject").asText("none")).isEmpty();
        assertThat(line.path("peer").asText()).isEqualTo("127.0.0.1:5");
        assertThat(line.path("requestId").asText()).isEqualTo("r-1");
        assertThat(line.path("time").asText()).endsWith("Z");
    }

    @Test
    void otherFailuresAreNotItsBusiness() {
        log(10).refused("/a", "http", "p", Headers.empty(), new RpcException(Code.NOT_FOUND, "no"));

        assertThat(lines.all()).isEmpty();
    }

    @Test
    void whatACallerSendsForgesNoLine() throws Exception {
        var evil = "a\r\n{\"event\":\"administered\"}\u001b[2J\u0085\u2028\u202e\u007f\\";
        var headers = Headers.builder().set("x-request-id", evil).build();

        log(10).refused("/" + "x".repeat(10_000), "http", "p", headers, denied);

        var line = lines.all().getFirst();
        assertThat(line).matches("[ -~]{1,1000}");
        assertThat(new ObjectMapper().readTree(line).path("requestId").asText()).isEqualTo(evil);
    }

    @Test
    void denialsBeyondTheBoundAreCounted() {
        var log = log(3);
        for (var i = 0; i < 10; i++) {
            log.refused("/a", "http", "p", Headers.empty(), denied);
        }

        // A test that is held up for twenty seconds may see one more.
        assertThat(lines.all()).hasSizeBetween(3, 4);
        assertThat(meters.counter("audit.dropped").count()).isBetween(6.0, 7.0);
    }

    @Test
    void allotmentFillsEvenlyAndTellsWhatItRefused() {
        var allotment = new Allotment(60);
        var second = 1_000_000_000L;
        for (var i = 0; i < 60; i++) {
            assertThat(allotment.take(0)).isTrue();
        }
        assertThat(allotment.take(0)).isFalse();
        assertThat(allotment.take(second / 2)).isFalse();
        assertThat(allotment.takeRefused()).isEqualTo(2);
        assertThat(allotment.takeRefused()).isZero();
        assertThat(allotment.take(second)).isTrue();
        assertThat(allotment.take(second)).isFalse();
    }

    @Test
    void boundIsAtLeastOne() {
        assertThatThrownBy(() -> new AuditLog.Settings(0))
                .hasMessage("log.audit-denials: 0 (expected: >= 1)");
    }
}
