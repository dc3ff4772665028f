package dev.heddle.interop;

import dev.heddle.facade.envelope.MessageSettings;
import dev.heddle.facade.grpc.GrpcServer;
import io.grpc.testing.integration.TestServiceClient;
import java.lang.reflect.InvocationTargetException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every case of gRPC's interop client but those that need more than a server: a cloud's
/// credentials, a caching proxy (`cacheable_unary`) or a load balancer (`orca_*`). The server takes
/// messages up to 16 MiB, for `very_large_request`, and compresses its answers.
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@ParameterizedClass
@EnumSource(GrpcServer.Engine.class)
final class InteropTest {
    private final GrpcServer server;

    InteropTest(GrpcServer.Engine engine) {
        server =
                new GrpcServer(
                        GrpcServer.Options.DEFAULT
                                .with(engine)
                                .with(new MessageSettings(16 * 1024 * 1024, true)),
                        new TestService());
    }

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "empty_unary",
                "large_unary",
                "client_streaming",
                "server_streaming",
                "ping_pong",
                "empty_stream",
                "client_compressed_unary",
                "client_compressed_unary_noprobe",
                "server_compressed_unary",
                "client_compressed_streaming",
                "client_compressed_streaming_noprobe",
                "server_compressed_streaming",
                "custom_metadata",
                "status_code_and_message",
                "special_status_message",
                "unimplemented_method",
                "unimplemented_service",
                "cancel_after_begin",
                "cancel_after_first_response",
                "timeout_on_sleeping_server",
                "very_large_request",
                "pick_first_unary",
                "rpc_soak",
                "channel_soak",
            })
    void clientPasses(String testCase) throws Exception {
        run(
                "--server_host=127.0.0.1",
                "--server_port=" + server.port(),
                "--use_tls=false",
                "--additional_metadata=authorization:Bearer interop",
                "--soak_iterations=50",
                "--soak_overall_timeout_seconds=15",
                "--soak_per_iteration_max_acceptable_latency_ms=5000",
                "--test_case=" + testCase);
    }

    /// What the client's `main` does, which would end this process too.
    private static void run(String... arguments) throws Exception {
        var client = new TestServiceClient();
        invoke(client, "parseArgs", new Class<?>[] {String[].class}, (Object) arguments);
        invoke(client, "setUp", new Class<?>[0]);
        try {
            invoke(client, "run", new Class<?>[0]);
        } finally {
            invoke(client, "tearDown", new Class<?>[0]);
        }
    }

    private static void invoke(
            TestServiceClient client, String name, Class<?>[] types, Object... arguments)
            throws Exception {
        var method = TestServiceClient.class.getDeclaredMethod(name, types);
        method.setAccessible(true);
        try {
            method.invoke(client, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
