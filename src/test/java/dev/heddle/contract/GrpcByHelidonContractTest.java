package dev.heddle.contract;

import io.helidon.webserver.WebServer;
import java.net.URI;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/// The contract over gRPC, where HTTP/2 is Helidon's own.
final class GrpcByHelidonContractTest extends ContractSuite {
    private static @Nullable WebServer server;

    GrpcByHelidonContractTest() {
        super(new GrpcClient(address()));
    }

    @BeforeAll
    static void start() {
        server = gateway().startByHelidon();
    }

    @AfterAll
    static void stop() {
        Objects.requireNonNull(server).stop();
    }

    private static URI address() {
        return URI.create("http://127.0.0.1:" + Objects.requireNonNull(server).port());
    }
}
