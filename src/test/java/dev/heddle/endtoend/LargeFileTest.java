package dev.heddle.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import dev.heddle.files.v1.DownloadFileRequest;
import dev.heddle.files.v1.FileServiceGrpc;
import dev.heddle.files.v1.UploadFileRequest;
import dev.heddle.http.helidon.RepeatingInputStream;
import dev.heddle.testing.TestPostgres;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A file of many times the heap goes up and down; `-Dheddle.files.size=1073741824` makes it a
/// gibibyte.
@Timeout(600)
final class LargeFileTest {
    private static final long SIZE = Long.getLong("heddle.files.size", 128L << 20);
    private static final int PIECE = 256 * 1024;

    @Test
    void fileOfManyTimesTheHeapGoesUpAndDown(@TempDir Path data) throws Exception {
        var database = TestPostgres.createDatabase();
        try (var gateway =
                HeddleProcess.serve(
                        data,
                        Map.of(
                                "HEDDLE_DB_URL", database.jdbcUrl(),
                                "HEDDLE_DB_USERNAME", database.username(),
                                "HEDDLE_DB_PASSWORD", database.password()),
                        List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError"))) {
            var digest = digest(new RepeatingInputStream(SIZE));

            var byHttp = uploadByHttp(gateway, digest);
            assertThat(downloadByHttp(gateway, byHttp)).isEqualTo(digest);
            assertThat(transferByGrpc(gateway)).isEqualTo(digest);

            assertThat(gateway.isAlive()).isTrue();
        }
    }

    private static String uploadByHttp(HeddleProcess gateway, String digest) throws Exception {
        try (var http = http()) {
            var response =
                    http.send(
                            request(gateway, "/v1/files?name=large&sha256=" + digest)
                                    .POST(
                                            BodyPublishers.ofInputStream(
                                                    () -> new RepeatingInputStream(SIZE)))
                                    .build(),
                            BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return new ObjectMapper().readTree(response.body()).path("id").asText();
        }
    }

    private static String downloadByHttp(HeddleProcess gateway, String id) throws Exception {
        try (var http = http()) {
            var response =
                    http.send(
                            request(gateway, "/v1/files/%s:download".formatted(id)).build(),
                            BodyHandlers.ofInputStream());
            assertThat(response.headers().firstValueAsLong("content-length")).hasValue(SIZE);
            try (var body = response.body()) {
                return digest(body);
            }
        }
    }

    private static String transferByGrpc(HeddleProcess gateway) throws Exception {
        var channel =
                NettyChannelBuilder.forAddress("127.0.0.1", gateway.port()).usePlaintext().build();
        try {
            var headers = new Metadata();
            headers.put(
                    Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                    "Bearer " + gateway.token());
            var files =
                    FileServiceGrpc.newBlockingV2Stub(
                            ClientInterceptors.intercept(
                                    channel, MetadataUtils.newAttachHeadersInterceptor(headers)));
            var upload = files.uploadFile();
            var content = new RepeatingInputStream(SIZE);
            for (var piece = content.readNBytes(PIECE);
                    piece.length > 0;
                    piece = content.readNBytes(PIECE)) {
                upload.write(
                        UploadFileRequest.newBuilder()
                                .setContent(
                                        HttpBody.newBuilder().setData(ByteString.copyFrom(piece)))
                                .build());
            }
            upload.halfClose();
            var file = Objects.requireNonNull(upload.read());
            var download =
                    files.downloadFile(
                            DownloadFileRequest.newBuilder().setId(file.getId()).build());
            var digest = MessageDigest.getInstance("SHA-256");
            for (var next = download.read(); next != null; next = download.read()) {
                digest.update(next.getContent().getData().toByteArray());
            }
            return HexFormat.of().formatHex(digest.digest());
        } finally {
            channel.shutdownNow();
        }
    }

    private static HttpClient http() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private static HttpRequest.Builder request(HeddleProcess gateway, String target) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + target))
                .header("authorization", "Bearer " + gateway.token());
    }

    private static String digest(InputStream in) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256");
        var buffer = new byte[1 << 16];
        for (var count = 0; count >= 0; count = in.read(buffer)) {
            digest.update(buffer, 0, count);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
