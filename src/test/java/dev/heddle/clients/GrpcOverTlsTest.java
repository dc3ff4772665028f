package dev.heddle.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.TestGateway;
import dev.heddle.diagnostics.v1.DiagnosticsServiceGrpc;
import dev.heddle.diagnostics.v1.EchoRequest;
import dev.heddle.testing.TestCertificate;
import dev.heddle.testing.TestPostgres;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// grpc-java's client over TLS.
final class GrpcOverTlsTest {
    @Test
    void callsPass(@TempDir Path folder) throws Exception {
        var certificate = TestCertificate.in(folder);
        var trust =
                TlsChannelCredentials.newBuilder()
                        .trustManager(certificate.certificate().toFile())
                        .build();
        try (var gateway =
                TestGateway.open(TestPostgres.createDatabase(), certificate.configuration())
                        .start()) {
            var channel = Grpc.newChannelBuilder("localhost:" + gateway.port(), trust).build();
            try {
                var stub =
                        DiagnosticsServiceGrpc.newBlockingStub(channel)
                                .withDeadlineAfter(20, TimeUnit.SECONDS)
                                .withInterceptors(
                                        MetadataUtils.newAttachHeadersInterceptor(
                                                authorization(gateway.token())));
                var large = EchoRequest.newBuilder().setMessage("x".repeat(1_000_000)).build();
                assertThat(stub.echo(large).getMessage()).isEqualTo(large.getMessage());

                var many = EchoRequest.newBuilder().setMessage("x").setCount(10_000).build();
                assertThat(stub.echoStream(many)).toIterable().hasSize(10_000);
            } finally {
                channel.shutdownNow();
            }
        }
    }

    private static Metadata authorization(String token) {
        var metadata = new Metadata();
        metadata.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer " + token);
        return metadata;
    }
}
