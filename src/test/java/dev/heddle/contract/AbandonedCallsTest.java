package dev.heddle.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import com.google.protobuf.util.Durations;
import dev.heddle.diagnostics.v1.EchoRequest;
import dev.heddle.testing.GatewayTest;
import dev.heddle.users.v1.BatchCreateUsersRequest;
import dev.heddle.users.v1.BatchCreateUsersResponse;
import dev.heddle.users.v1.CreateUserRequest;
import dev.heddle.users.v1.ExportUsersRequest;
import dev.heddle.users.v1.User;
import dev.heddle.users.v1.UserServiceGrpc;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Callers who cut their connection leave nothing behind.
@Timeout(120)
final class AbandonedCallsTest extends GatewayTest {
    private static final int CALLS = 1000;

    /// How many are there at once, which the pool of database connections must bear.
    private static final int AT_ONCE = 20;

    private final URI gateway;

    AbandonedCallsTest(URI gateway) {
        this.gateway = gateway;
    }

    @ParameterizedTest
    @CsvSource({
        "application/grpc-web+proto, heddle.users.v1.UserService/ExportUsers",
        "application/connect+proto, heddle.users.v1.UserService/ExportUsers",
    })
    void thousandExportsThatAreCutFreeTheirConnections(String type, String method)
            throws Exception {
        fill();

        abandon(type, method, ExportUsersRequest.getDefaultInstance(), true);

        awaitNoActiveCalls();
        awaitNoBusyConnections();
    }

    @ParameterizedTest
    @CsvSource({
        "application/grpc-web+proto, heddle.diagnostics.v1.DiagnosticsService/Echo",
        "application/proto, heddle.diagnostics.v1.DiagnosticsService/Echo",
        "application/connect+proto, heddle.diagnostics.v1.DiagnosticsService/EchoStream",
    })
    void thousandCallsThatWaitEndWithTheirCallers(String type, String method) throws Exception {
        var request =
                EchoRequest.newBuilder().setCount(1).setInterval(Durations.fromMinutes(10)).build();

        abandon(type, method, request, false);

        awaitNoActiveCalls();
    }

    @Test
    void callerThatIsCutWithinItsRequestLeavesNoCall() throws IOException {
        for (var type : List.of("application/grpc-web", "application/connect+proto")) {
            var method = "heddle.diagnostics.v1.DiagnosticsService/EchoCollect";
            try (var socket = send(type, method, new byte[] {0, 0, 0, 0, 9}, 100)) {
                socket.setSoLinger(true, 0);
            }
        }

        awaitNoActiveCalls();
    }

    private void abandon(String type, String method, Message request, boolean isAnswered)
            throws Exception {
        var bytes = request.toByteArray();
        var body = type.equals("application/proto") ? bytes : Envelopes.of(bytes);
        var free = new Semaphore(AT_ONCE);
        var all = new ArrayList<Future<?>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var i = 0; i < CALLS; i++) {
                all.add(
                        threads.submit(() -> {
                            free.acquire();
                            try (var socket = send(type, method, body, body.length)) {
                                if (isAnswered) {
                                    assertThat(socket.getInputStream().readNBytes(12))
                                            .asString(StandardCharsets.US_ASCII)
                                            .isEqualTo("HTTP/1.1 200");
                                }
                                socket.setSoLinger(true, 0);
                            } finally {
                                free.release();
                            }
                            return null;
                        }));
            }
        }
        for (var one : all) {
            one.get();
        }
    }

    /// Sends a request, or as much of it as is there.
    private Socket send(String type, String method, byte[] body, int length) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), gateway.getPort());
        var head =
                """
                POST /%s HTTP/1.1\r
                host: localhost\r
                content-type: %s\r
                content-length: %d\r
                authorization: Bearer %s\r
                \r
                """
                        .formatted(method, type, length, token());
        var out = socket.getOutputStream();
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(body);
        out.flush();
        return socket;
    }

    private void fill() {
        var batch = BatchCreateUsersRequest.newBuilder();
        for (var i = 0; i < 500; i++) {
            var user = User.newBuilder().setEmail(UUID.randomUUID() + "@example.com").setName("A");
            batch.addRequests(CreateUserRequest.newBuilder().setUser(user));
        }
        var options =
                new FramingClient.Options(
                        Optional.of(token()), Optional.of(Duration.ofSeconds(30)));
        var created = new ArrayList<BatchCreateUsersResponse>();
        try (var client =
                new ConnectClient(ContractSuite.local(gateway), Version.HTTP_1_1, false)) {
            client.call(
                    UserServiceGrpc.getBatchCreateUsersMethod(),
                    List.of(batch.build()),
                    options,
                    created::add);
        }
        assertThat(created).hasSize(1);
    }
}
