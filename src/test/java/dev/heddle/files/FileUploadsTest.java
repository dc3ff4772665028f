package dev.heddle.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.HttpBody;
import com.google.protobuf.ByteString;
import dev.heddle.TestGateway;
import dev.heddle.files.v1.DownloadFileRequest;
import dev.heddle.files.v1.File;
import dev.heddle.files.v1.UploadFileRequest;
import dev.heddle.rpc.RpcException;
import dev.heddle.testing.TestPostgres;
import io.grpc.StatusException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.BlockingClientCall;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/// Two gateways on one database: what breaks off, and what runs into a bound.
@Timeout(90)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FileUploadsTest {
    private static final byte[] CONTENT = Transfers.bytes(900_000);
    private static final String ORPHANED_CHUNKS =
            "file_chunks WHERE NOT EXISTS (SELECT FROM files WHERE id = file_id)";

    private TestGateway here;
    private TestGateway there;
    private Transfers files;
    private Transfers filesThere;

    @BeforeAll
    void open() throws Exception {
        var database = TestPostgres.createDatabase();
        here = TestGateway.open(database, Map.of("files.sweep-interval", "100ms")).start();
        there =
                TestGateway.open(
                                database,
                                Map.of(
                                        "files.sweep-interval",
                                        "100ms",
                                        "files.max-size",
                                        "1MiB",
                                        "files.allowed-types",
                                        "text/*, image/png",
                                        "files.default-ttl",
                                        "1h",
                                        "files.upload-timeout",
                                        "5s"))
                        .start();
        files = new Transfers(here.port(), here.token());
        filesThere = new Transfers(there.port(), there.token());
    }

    @AfterAll
    void close() {
        files.close();
        filesThere.close();
        here.close();
        there.close();
    }

    @Test
    void everyReplicaServesEveryFile() throws Exception {
        var file = files.upload(Transfers.piece(CONTENT), List.of());

        assertThat(
                        filesThere
                                .download(
                                        DownloadFileRequest.newBuilder()
                                                .setId(file.getId())
                                                .build())
                                .bytes())
                .isEqualTo(CONTENT);
    }

    @Test
    void uploadThatIsCutLeavesNothing() throws Exception {
        var before = count("files");
        try (var socket = connect(here.port())) {
            var head =
                    "POST /v1/files HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer %s\r\ncontent-length: 5000000\r\n\r\n"
                            .formatted(here.token());
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(CONTENT);
            awaitOrphan();
            FileRows.await("no connection held", () -> here.busyConnections() == 0);
        }

        awaitNothing();
        assertThat(count("files")).isEqualTo(before);
    }

    @Test
    void uploadThatIsCancelledLeavesNothing() throws Exception {
        var call = files.openUpload();
        call.write(Transfers.piece(CONTENT));
        awaitOrphan();

        call.cancel("enough", null);

        awaitNothing();
    }

    @Test
    void uploadPastItsDeadlineLeavesNothing() throws Exception {
        var call = files.grpc().withDeadlineAfter(java.time.Duration.ofMillis(1500)).uploadFile();
        call.write(Transfers.piece(CONTENT));
        awaitOrphan();

        awaitNothing();
    }

    @Test
    void uploadOfAGatewayThatIsGoneIsSweptByAnother() throws Exception {
        var call = files.openUpload();
        call.write(Transfers.piece(CONTENT));
        awaitOrphan();

        FileRows.execute(there, "UPDATE file_orphans SET due_time = now() - interval '1 second'");

        awaitNothing();
        // should it not have been gone but slow
        assertThat(reason(call, Transfers.piece(CONTENT))).isEqualTo("UPLOAD_TIMED_OUT");
        awaitNothing();
    }

    private static String reason(
            BlockingClientCall<UploadFileRequest, File> call, UploadFileRequest... rest)
            throws InterruptedException {
        try {
            for (var piece : rest) {
                call.write(piece);
                call.halfClose();
            }
            var _ = call.read();
            throw new AssertionError("it did not fail");
        } catch (StatusException e) {
            return RpcException.of(Objects.requireNonNull(StatusProto.fromThrowable(e)))
                    .reason()
                    .orElse(e.toString());
        }
    }

    @Test
    void uploadThatFallsSilentIsEnded() throws Exception {
        var call = filesThere.openUpload();
        call.write(
                UploadFileRequest.newBuilder()
                        .setContent(
                                HttpBody.newBuilder()
                                        .setContentType("text/plain")
                                        .setData(ByteString.copyFrom(CONTENT)))
                        .build());
        awaitOrphan();

        assertThat(reason(call)).isEqualTo("UPLOAD_TIMED_OUT");
        awaitNothing();
        FileRows.await("calls", () -> there.activeCalls() == 0);
    }

    @Test
    void replicasDeleteAnExpiredFileOnce() throws Exception {
        var ids = new ArrayList<String>();
        for (var i = 0; i < 40; i++) {
            ids.add(files.upload(Transfers.piece(new byte[i]), List.of()).getId());
        }
        var list = "'" + String.join("','", ids) + "'";

        FileRows.execute(
                here,
                "UPDATE files SET expire_time = now() WHERE CAST(id AS text) IN (" + list + ")");

        FileRows.await("files", () -> count("files WHERE CAST(id AS text) IN (" + list + ")") == 0);
        FileRows.await(
                "events",
                () -> count("event WHERE type = 'file.deleted' AND key IN (" + list + ")") >= 40);
        assertThat(count("event WHERE type = 'file.deleted' AND key IN (" + list + ")"))
                .isEqualTo(40);
        awaitNothing();
    }

    @Test
    void largerFileThanTheBoundIsRefusedAsSoonAsItIsKnown() throws Exception {
        assertThat(statusLine("content-length: 1048577", new byte[0])).contains(" 413 ");
        // chunked, and more would come
        var chunk = "%x\r\n%s".formatted(1_048_577, "x".repeat(1_048_577));
        assertThat(
                        statusLine(
                                "transfer-encoding: chunked",
                                chunk.getBytes(StandardCharsets.US_ASCII)))
                .contains(" 413 ");
        awaitNothing();
        var whole = filesThere.post("/v1/files", new byte[1 << 20], "content-type", "text/plain");
        assertThat(whole.statusCode()).isEqualTo(200);
        assertThat(new String(whole.body(), StandardCharsets.UTF_8)).contains("expireTime");
    }

    @Test
    void typeThatIsNotAllowedIsRefused() throws Exception {
        assertThat(filesThere.post("/v1/files", CONTENT, "content-type", "image/gif").statusCode())
                .isEqualTo(415);
        assertThat(filesThere.post("/v1/files", CONTENT).statusCode()).isEqualTo(415);
        assertThat(
                        filesThere
                                .post("/v1/files", CONTENT, "content-type", "Image/PNG; a=b")
                                .statusCode())
                .isEqualTo(200);
    }

    @Test
    void slowDownloadHoldsNoConnectionAndEndsVisiblyWhenItsFileIsDeleted() throws Exception {
        var pieces = new ArrayList<UploadFileRequest>();
        for (var i = 0; i < 20; i++) {
            pieces.add(Transfers.piece(new byte[1 << 20]));
        }
        var file = files.upload(UploadFileRequest.getDefaultInstance(), pieces);
        try (var socket = connect(here.port())) {
            socket.getOutputStream()
                    .write(
                            "GET /v1/files/%s:download HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer %s\r\n\r\n"
                                    .formatted(file.getId(), here.token())
                                    .getBytes(StandardCharsets.US_ASCII));
            var in = socket.getInputStream();
            assertThat(in.read()).isEqualTo('H');
            FileRows.await("connections", () -> here.busyConnections() == 0);
            assertThat(here.activeCalls()).isEqualTo(1);

            files.send("DELETE", "/v1/files/" + file.getId(), new byte[0]);
            awaitNothing();

            assertThat(readAll(in)).isLessThan(20L << 20);
        }
    }

    private static long readAll(java.io.InputStream in) {
        var total = 0L;
        var buffer = new byte[1 << 16];
        try {
            for (var count = 0; count >= 0; count = in.read(buffer)) {
                total += count;
            }
        } catch (IOException _) {
            // a reset, which no client takes for the end
        }
        return total;
    }

    private String statusLine(String header, byte[] body) throws IOException {
        try (var socket = connect(there.port())) {
            var head =
                    "POST /v1/files HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer %s\r\ncontent-type: text/plain\r\n%s\r\n\r\n"
                            .formatted(there.token(), header);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(body);
            return Objects.requireNonNull(
                    new BufferedReader(
                                    new InputStreamReader(
                                            socket.getInputStream(), StandardCharsets.US_ASCII))
                            .readLine());
        }
    }

    private static Socket connect(int port) throws IOException {
        var socket = new Socket();
        socket.setReceiveBufferSize(16 * 1024);
        socket.setSoTimeout(30_000);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    /// Waits until all whole chunks of the content are written.
    private void awaitOrphan() {
        FileRows.await("orphan", () -> count(ORPHANED_CHUNKS) == 3);
    }

    private void awaitNothing() {
        FileRows.await("no orphans", () -> count("file_orphans") == 0);
        assertThat(count(ORPHANED_CHUNKS)).isZero();
    }

    private int count(String from) {
        return FileRows.count(here, "SELECT count(*) FROM " + from);
    }
}
