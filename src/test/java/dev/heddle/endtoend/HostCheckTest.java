package dev.heddle.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc;
import dev.heddle.diagnostics.v1.EchoRequest;
import dev.heddle.TestGateway;
import dev.heddle.testing.LogLines;
import dev.heddle.testing.TestPostgres;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A page that has the name of its site lead here gets nothing, whichever framing it tries.
@Timeout(120)
@TestInstance(Lifecycle.PER_CLASS)
final class HostCheckTest {
    private static final String EVIL = "evil.example";

    private TestGateway gateway;
    private WebServer byHelidon;

    @BeforeAll
    void start() throws Exception {
        gateway = TestGateway.open(TestPostgres.createDatabase()).start();
        byHelidon = gateway.startByHelidon();
    }

    @AfterAll
    void stop() {
        byHelidon.stop();
        gateway.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /health/live, a/b",
        "GET, /metrics, a/b",
        "GET, /openapi.json, a/b",
        "GET, /v1/users, application/json",
        "POST, /heddle.users.v1.UserService/ListUsers, application/json",
        "POST, /heddle.users.v1.UserService/ListUsers, application/grpc-web+proto",
        "GET, /ws/heddle.users.v1.UserService/ListUsers, a/b",
        "GET, /nowhere, a/b",
        "OPTIONS, /v1/users, a/b"
    })
    void nameOfAnotherIsMisdirected(String method, String path, String type) throws IOException {
        try (var audit = LogLines.of("dev.heddle.audit")) {
            assertThat(request(method, path, type, EVIL + ":" + gateway.port()))
                    .startsWith("HTTP/1.1 421 ")
                    .contains("HOST_NOT_ALLOWED", "\r\nx-content-type-options: nosniff\r\n");
            assertThat(audit.all())
                    .singleElement()
                    .asString()
                    .contains("\"reason\":\"HOST_NOT_ALLOWED\"", path);
        }
        assertThat(request(method, path, type, "localhost")).doesNotStartWith("HTTP/1.1 421 ");
    }

    private String request(String method, String path, String type, String host)
            throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.setSoTimeout(20_000);
            var head =
                    "%s %s HTTP/1.1\r\nhost: %s\r\ncontent-type: %s\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
                            .formatted(method, path, host, type);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void callOverGrpcIsDeniedByBothEngines() throws Exception {
        for (var port : new int[] {gateway.port(), byHelidon.port()}) {
            assertThatThrownBy(() -> echo(port, EVIL))
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            e -> {
                                assertThat(e.getStatus().getCode())
                                        .isEqualTo(Code.PERMISSION_DENIED);
                                assertThat(e.getStatus().getDescription())
                                        .startsWith("host evil.example is not served here");
                            });
            assertThatThrownBy(() -> echo(port, "localhost"))
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            e ->
                                    assertThat(e.getStatus().getCode())
                                            .isEqualTo(Code.UNAUTHENTICATED));
        }
    }

    private static void echo(int port, String authority) throws InterruptedException {
        var channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port)
                        .usePlaintext()
                        .overrideAuthority(authority)
                        .build();
        try {
            var _ =
                    DiagnosticsServiceGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(20, TimeUnit.SECONDS)
                            .echo(EchoRequest.getDefaultInstance());
        } finally {
            channel.shutdownNow();
            assertThat(channel.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
